"""A fuzzer of the gate: what the gate believed against what DuckDB's plan touches."""
