"""What a receipt holds and how it is said; pure."""
