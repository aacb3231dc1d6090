"""What the insurer has settled and taken back."""

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from billing.rules import Parts
from finance.operations.books.writing import write
from finance.rules import postings
from finance.rules.postings import Kind
from insurance.models import Settlement
from ledger.models import Posting


def book_claim(claim_id: int) -> None:
    """Every settlement of a claim, and its reversal; what is in the books already adds nothing."""
    rows = Settlement.objects.filter(claim=claim_id).select_related("claim__bill__encounter").order_by("pk")
    for settlement in rows.annotate(is_under_number=_IS_UNDER_NUMBER):
        _book(settlement, _key_of(settlement, is_under_number=settlement.is_under_number))


# Before areas were told apart the number alone was the key; what is in the books under it stays there.
_IS_UNDER_NUMBER = Exists(
    Posting.objects.filter(
        key=Concat(Value("settlement:"), OuterRef("number")), subject=OuterRef("claim__bill__number")
    )
)


def _key_of(settlement: Settlement, *, is_under_number: bool) -> str:
    """A number is unique in its pooling area only."""
    if is_under_number:
        return f"settlement:{settlement.number}"
    return f"settlement:{settlement.insured_region}:{settlement.number}"


def _book(settlement: Settlement, key: str) -> None:
    bill = settlement.claim.bill
    original = settlement.reverses or settlement
    parts = _parts_of(original)
    lines = postings.insurer_says(
        original.insured_region or settlement.institution.region_code,
        -parts if settlement.reverses else parts,
    )
    kind = Kind.INSURER_REVERSED if settlement.reverses else Kind.INSURER_SETTLED
    write(kind, key, lines, bill=bill, at=settlement.settled_at)


def _parts_of(settlement: Settlement) -> Parts:
    return Parts.as_insurer_says(
        fund=settlement.fund_amount,
        accounts=settlement.account_amount,
        cash=settlement.cash_amount,
        family=settlement.mutual_aid_amount,
    )
