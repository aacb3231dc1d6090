"""The insurer's part that plays the province's mobile payment centre (62xx)."""
