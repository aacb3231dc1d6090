"""``make chaos``: settlements while everything around them fails, and the count of what is left at the end."""
