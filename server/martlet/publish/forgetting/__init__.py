"""Forgetting a person: who is meant, the list that keeps them out, and what is left of them."""
