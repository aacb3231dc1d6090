"""What the templates show, in plain values."""
