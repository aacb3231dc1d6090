"""Published prices for machines."""
