"""Pages of the finance office."""
