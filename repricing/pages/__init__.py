"""Pages of the price office and the money office."""
