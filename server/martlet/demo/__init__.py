"""The demo: a company as its connectors land it, and a conversation."""
