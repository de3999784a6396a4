"""Martlet: trusted answers from dbt marts, over MCP."""
