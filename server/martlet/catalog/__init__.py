"""The semantic catalog: read, checked, searched."""
