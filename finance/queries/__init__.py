"""What the finance office reads."""
