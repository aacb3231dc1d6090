"""What the price office shows."""
