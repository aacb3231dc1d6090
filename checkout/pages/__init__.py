"""The pages of paying."""
