"""Pages of the agreements: list, one of them, a new one, what is payable."""
