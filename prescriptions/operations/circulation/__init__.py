"""Prescriptions at the e-prescription centre: opened, taken step by step, followed, wanted back."""
