"""What refunds look at."""
