"""How this hospital asks whether a name and an ID number belong together."""
