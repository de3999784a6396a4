"""The engines that run validated queries."""
