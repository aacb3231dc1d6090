"""What the insurer has settled and taken back."""

from billing.rules import Parts
from finance.operations.books.writing import write
from finance.rules import postings
from finance.rules.postings import Kind
from insurance.models import Settlement


def book_claim(claim_id: int) -> None:
    """Every settlement of a claim, and its reversal; what is in the books already adds nothing."""
    rows = Settlement.objects.filter(claim=claim_id).select_related("claim__bill__encounter").order_by("pk")
    for settlement in rows:
        _book(settlement)


def _book(settlement: Settlement) -> None:
    bill = settlement.claim.bill
    original = settlement.reverses or settlement
    parts = _parts_of(original)
    lines = postings.insurer_says(
        original.insured_region or settlement.institution.region_code,
        -parts if settlement.reverses else parts,
    )
    kind = Kind.INSURER_REVERSED if settlement.reverses else Kind.INSURER_SETTLED
    write(kind, f"settlement:{settlement.number}", lines, bill=bill, at=settlement.settled_at)


def _parts_of(settlement: Settlement) -> Parts:
    return Parts.as_insurer_says(
        fund=settlement.fund_amount,
        accounts=settlement.account_amount,
        cash=settlement.cash_amount,
        family=settlement.mutual_aid_amount,
    )
