"""What was charged, what the law says of it, and who may look."""
