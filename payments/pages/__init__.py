"""What the channel calls."""
