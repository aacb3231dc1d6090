"""Who may see which receipt, what goes into one, and what its documents show."""
