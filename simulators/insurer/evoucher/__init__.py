"""The insurer's part that plays the e-voucher middle platform."""
