"""5201 ask about visits, 5206 about what has accumulated in a year.

Source: input fields sourced [S:TEA], output of 5206 sourced; the output of 5201 is general knowledge [G], so that
everything but the visit's number is optional. The codes of ``cum_type_code`` are local.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from insurance.gateway.messages.wire import (
    ReplyInconsistent,
    decode,
    decode_each,
    encode_nodes,
    moment,
    money,
    month,
    region_of_insurance,
    text,
)


@dataclass(frozen=True, kw_only=True)
class QueryVisits:
    """5201: visits of a person that began within a time, both ends included."""

    insured_region: Annotated[str, region_of_insurance()]
    person_number: Annotated[str, text("psn_no", 30)]
    from_at: Annotated[datetime, moment("begntime")]
    until_at: Annotated[datetime, moment("endtime")]
    treatment_type: Annotated[str | None, text("med_type", 6)] = None
    visit_number: Annotated[str | None, text("mdtrt_id", 30)] = None


@dataclass(frozen=True, kw_only=True)
class VisitRecord:
    """One visit as the insurer holds it."""

    visit_number: Annotated[str, text("mdtrt_id", 30)]
    person_number: Annotated[str, text("psn_no", 30)]
    insurance_type: Annotated[str | None, text("insutype", 6)] = None
    treatment_type: Annotated[str | None, text("med_type", 6)] = None
    began_at: Annotated[datetime | None, moment("begntime")] = None
    ended_at: Annotated[datetime | None, moment("endtime")] = None
    hospital_visit_number: Annotated[str | None, text("ipt_otp_no", 30)] = None
    institution_code: Annotated[str | None, text("fixmedins_code", 30)] = None
    institution_name: Annotated[str | None, text("fixmedins_name", 200)] = None
    disease_code: Annotated[str | None, text("dise_codg", 30)] = None
    disease_name: Annotated[str | None, text("dise_name", 500)] = None
    condition: Annotated[str | None, text("main_cond_dscr", 1000)] = None


@dataclass(frozen=True, kw_only=True)
class VisitsReply:
    """The visits, oldest first; empty when there is none."""

    visits: tuple[VisitRecord, ...]


@dataclass(frozen=True, kw_only=True)
class QueryAccumulated:
    """5206; ``in_month`` narrows it to one month, given by any day of it."""

    insured_region: Annotated[str, region_of_insurance()]
    person_number: Annotated[str, text("psn_no", 30)]
    in_month: Annotated[date | None, month("cum_ym")] = None


@dataclass(frozen=True, kw_only=True)
class AccumulatedRow:
    """One counter, in yuan."""

    insurance_type: Annotated[str, text("insutype", 6)]
    year: Annotated[str, text("year", 4)]
    until_month: Annotated[date | None, month("cum_ym")] = None
    kind: Annotated[str, text("cum_type_code", 20)]
    amount: Annotated[Decimal, money("cum")]


@dataclass(frozen=True, kw_only=True)
class AccumulatedReply:
    """Every counter of the person."""

    rows: tuple[AccumulatedRow, ...]


def encode_query_visits(request: QueryVisits) -> dict[str, object]:
    """Write the input of 5201.

    Raises:
        RequestUnfit: the time ends before it begins, or a value does not fit.
    """
    backwards = request.until_at < request.from_at
    return encode_nodes(["endtime: before begntime"] if backwards else [], data=request)


def decode_query_visits(request: QueryVisits, output: Mapping[str, object]) -> VisitsReply:
    """Read the reply of 5201.

    Raises:
        ReplyInconsistent: it is about another person, or cannot be read.
    """
    visits = decode_each(VisitRecord, output.get("mdtrtinfo"))
    if any(visit.person_number != request.person_number for visit in visits):
        raise ReplyInconsistent("psn_no is another person's")
    return VisitsReply(visits=visits)


def encode_query_accumulated(request: QueryAccumulated) -> dict[str, object]:
    """Write the input of 5206."""
    return encode_nodes(data=request)


def decode_query_accumulated(request: QueryAccumulated, output: Mapping[str, object]) -> AccumulatedReply:
    """Read the reply of 5206; a single counter may come without a list."""
    found = output.get("cuminfo")
    if isinstance(found, Mapping):
        return AccumulatedReply(rows=(decode(AccumulatedRow, found),))
    return AccumulatedReply(rows=decode_each(AccumulatedRow, found))
