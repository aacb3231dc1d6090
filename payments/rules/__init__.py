"""What may be ordered, believed and given back; pure."""
