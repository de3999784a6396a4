"""The command line, only reader of argv. Exit: 0 good, 1 failed, 2 wrong usage, 3 refused."""

from martlet.cli import marts, asking, meaning, people, machine  # noqa: I001 (the order of --help)
from martlet.cli.app import main

__all__ = ["asking", "machine", "main", "marts", "meaning", "people"]
