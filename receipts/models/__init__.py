"""Numbered receipts, and the signed files printed from them."""

from receipts.models.files import ReceiptFile
from receipts.models.receipts import Receipt

__all__ = ["Receipt", "ReceiptFile"]
