"""Two sides beside each other, in the database: load theirs, join with ours, keep what differs."""
