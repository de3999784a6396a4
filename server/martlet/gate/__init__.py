"""The gate: what decides whether SQL may run."""
