"""Public pages: the price list, one item, and why it costs what it costs."""
