"""Martlet: trusted answers from dbt marts, over MCP."""

__version__ = "0.1.0"
