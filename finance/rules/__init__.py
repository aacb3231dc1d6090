"""What the finance office decides by: pure."""
