"""Views by who opens them."""
