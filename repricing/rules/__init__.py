"""What charges of the past would cost, or should have cost: pure, over frozen facts."""
