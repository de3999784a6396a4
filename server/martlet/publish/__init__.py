"""Publishing: the wall is a file."""
