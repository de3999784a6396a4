"""The checks that make caveats: one file a check."""
