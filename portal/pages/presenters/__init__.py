"""What the pages of the portal say."""
