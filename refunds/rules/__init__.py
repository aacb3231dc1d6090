"""What may be given back, and how much: pure."""
