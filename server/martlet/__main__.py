"""`python -m martlet` is the command line."""

from martlet.cli import main

main()
