"""The metric compiler: a request becomes SQL."""
