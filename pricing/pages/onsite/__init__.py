"""What will a visit to my address cost: the on-site fee calculator."""
