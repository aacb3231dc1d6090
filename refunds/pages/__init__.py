"""Pages of refunds."""
