"""What receipts can do: issue, take out of force, print, and keep the fiscal platform's number."""

from receipts.operations.catching_up import catch_up, missing
from receipts.operations.certifying import certify_given_back_bill, issue_refund_certificate
from receipts.operations.fiscal import note_fiscal_numbers
from receipts.operations.issuing import issue_if_settled, issue_receipt
from receipts.operations.printing import printed
from receipts.operations.reading import note_reading

__all__ = [
    "catch_up",
    "certify_given_back_bill",
    "issue_if_settled",
    "issue_receipt",
    "issue_refund_certificate",
    "missing",
    "note_fiscal_numbers",
    "note_reading",
    "printed",
]
