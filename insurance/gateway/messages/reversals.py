"""2601: undo a message of ours whose outcome is not known (冲正)."""

from dataclasses import dataclass
from typing import Annotated

from insurance.gateway.messages.wire import RequestUnfit, encode, region_of_insurance, text

REVERSIBLE = frozenset({"2102", "2103", "2207", "2208", "2304", "2305", "2401"})


@dataclass(frozen=True, kw_only=True)
class ReverseMessage:
    """2601. ``original_transaction`` is its number with or without the letter ("2207A" travels as "2207").

    After success the original counts as never done, whether or not the insurer ever had it; a late arrival of the
    original is refused. This is not 2208: a known settlement is taken back with a negative record of its own.
    """

    insured_region: Annotated[str, region_of_insurance()]
    person_number: Annotated[str, text("psn_no", 30)]
    original_msgid: Annotated[str, text("omsgid", 30)]
    original_transaction: str


def encode_reverse(request: ReverseMessage) -> dict[str, object]:
    """Write the input of 2601.

    Raises:
        RequestUnfit: the transaction is not one that can be undone, or a value does not fit.

    Source: field list sourced, list of reversible transactions general knowledge [G].
    """
    number = request.original_transaction[:4]
    if number not in REVERSIBLE:
        raise RequestUnfit(f"oinfno: {request.original_transaction} cannot be undone by 2601")
    return {"data": {**encode(request), "oinfno": number}}
