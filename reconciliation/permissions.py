"""Who works through differences, and who only reads: as in the rest of the insurance office."""

from insurance.permissions import OFFICE, READERS

__all__ = ["OFFICE", "READERS"]
