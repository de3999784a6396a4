"""The formats a catalog is read from: one file a format."""
