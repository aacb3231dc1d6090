"""How a price comes about: pure functions over frozen facts; no database and no clock."""
