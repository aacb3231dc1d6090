"""What is read of insurance, by those who may."""
