"""2601: undo a message of ours whose outcome is not known (冲正)."""

from dataclasses import dataclass
from typing import Annotated

from insurance.gateway.messages.fields import RequestUnfit, Wire, region_of_insurance, text
from insurance.gateway.messages.wire import encode_nodes

# General knowledge [G]: the national text names no list.
REVERSIBLE = frozenset({"2102", "2103", "2207", "2208", "2304", "2305", "2401"})


def _reversible(name: str) -> Wire:
    def write(value: str) -> str:
        if value[:4] not in REVERSIBLE:
            raise RequestUnfit(f"{name}: {value} cannot be undone by 2601")
        return value[:4]

    return Wire(name, write, str)


@dataclass(frozen=True, kw_only=True)
class ReverseMessage:
    """2601. ``original_transaction`` is its number with or without the letter ("2207A" travels as "2207").

    After success the original counts as never done, whether or not the insurer ever had it; a late arrival of the
    original is refused. This is not 2208: a known settlement is taken back with a negative record of its own.
    """

    insured_region: Annotated[str, region_of_insurance()]
    person_number: Annotated[str, text("psn_no", 30)]
    original_msgid: Annotated[str, text("omsgid", 30)]
    original_transaction: Annotated[str, _reversible("oinfno")]


def encode_reverse(request: ReverseMessage) -> dict[str, object]:
    """Write the input of 2601.

    Raises:
        RequestUnfit: the transaction is not one that can be undone, or a value does not fit.
    """
    return encode_nodes(data=request)
