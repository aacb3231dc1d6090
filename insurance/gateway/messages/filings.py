"""5301: the chronic and special diseases (门诊慢特病) for which a person is filed.

Source: input and output sourced [S:TEA/NMG]; whether the last day counts is not told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from insurance.gateway.messages.wire import day, decode, decode_each, encode_nodes, region_of_insurance, text


@dataclass(frozen=True, kw_only=True)
class QueryFilings:
    """5301."""

    insured_region: Annotated[str, region_of_insurance()]
    person_number: Annotated[str, text("psn_no", 30)]


@dataclass(frozen=True, kw_only=True)
class ChronicFiling:
    """One disease that the insurer has acknowledged; without ``ends_on`` for good."""

    disease_code: Annotated[str, text("opsp_dise_code", 30)]
    disease_name: Annotated[str, text("opsp_dise_name", 300)]
    begins_on: Annotated[date, day("begndate")]
    ends_on: Annotated[date | None, day("enddate")] = None


@dataclass(frozen=True, kw_only=True)
class FilingsReply:
    """Every filing of the person; empty when there is none."""

    filings: tuple[ChronicFiling, ...]


def encode_query_filings(request: QueryFilings) -> dict[str, object]:
    """Write the input of 5301."""
    return encode_nodes(data=request)


def decode_query_filings(request: QueryFilings, output: Mapping[str, object]) -> FilingsReply:
    """Read the reply of 5301; a single filing may come without a list.

    Raises:
        ReplyInconsistent: it cannot be read.
    """
    found = output.get("feedetail")
    if isinstance(found, Mapping):
        return FilingsReply(filings=(decode(ChronicFiling, found),))
    return FilingsReply(filings=decode_each(ChronicFiling, found))
