"""The insurer's part that plays the e-prescription centre (D001 to D007)."""
