"""Views of the price office."""
