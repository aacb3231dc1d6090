"""What the finance office does."""
