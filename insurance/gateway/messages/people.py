"""9001 sign-in, 9002 sign-out and 1101: who the person is and what she is insured for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from insurance.gateway.messages.wire import (
    ReplyInconsistent,
    day,
    decode,
    decode_each,
    encode,
    flag,
    moment,
    money,
    text,
)

E_VOUCHER, ID_NUMBER, SOCIAL_CARD = "01", "02", "03"
COVERED = "1"


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """9001: open an operator's day."""

    operator_code: Annotated[str, text("opter_no", 20)]
    ip_address: Annotated[str, text("ip", 20)]
    mac_address: Annotated[str | None, text("mac", 20)] = None


@dataclass(frozen=True, kw_only=True)
class SignInReply:
    """The number that every other message of the day carries."""

    signed_at: Annotated[datetime, moment("sign_time")]
    sign_number: Annotated[str, text("sign_no", 30)]


@dataclass(frozen=True, kw_only=True)
class SignOut:
    """9002: end an operator's day."""

    sign_number: Annotated[str, text("sign_no", 30)]
    operator_code: Annotated[str | None, text("opter_no", 20)] = None


@dataclass(frozen=True, kw_only=True)
class ReadPerson:
    """1101: ask by e-voucher token, ID number or social card (then with its serial)."""

    certificate_type: Annotated[str, text("mdtrt_cert_type", 3)]
    certificate_number: Annotated[str, text("mdtrt_cert_no", 50)]
    card_serial: Annotated[str | None, text("card_sn", 32)] = None
    as_of: Annotated[datetime | None, moment("begntime")] = None
    id_type: Annotated[str | None, text("psn_cert_type", 6)] = None
    id_number: Annotated[str | None, text("certno", 50)] = None
    person_name: Annotated[str | None, text("psn_name", 50)] = None


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """One insurance of a person; ``balance`` is the personal account in yuan."""

    insurance_type: Annotated[str, text("insutype", 6)]
    person_type: Annotated[str, text("psn_type", 6)]
    insured_region: Annotated[str, text("insuplc_admdvs", 6)]
    balance: Annotated[Decimal, money("balc")]
    status: Annotated[str | None, text("psn_insu_stas", 6)] = None
    insured_on: Annotated[date | None, day("psn_insu_date")] = None
    suspended_on: Annotated[date | None, day("paus_insu_date")] = None
    is_civil_servant: Annotated[bool, flag("cvlserv_flag")] = False
    employer_name: Annotated[str | None, text("emp_name", 200)] = None

    @property
    def is_normal(self) -> bool:
        """Whether benefits can be claimed from this row."""
        return self.status == COVERED


@dataclass(frozen=True, kw_only=True)
class SpecialStatusRow:
    """A special status of a person, such as poverty relief."""

    status_type: Annotated[str, text("psn_idet_type", 3)]
    level: Annotated[str | None, text("psn_type_lv", 3)] = None
    memo: Annotated[str | None, text("memo", 500)] = None
    begins_at: Annotated[datetime | None, moment("begntime")] = None
    ends_at: Annotated[datetime | None, moment("endtime")] = None


@dataclass(frozen=True, kw_only=True)
class PersonReply:
    """The person; ``coverages`` may hold several rows or none, in the insurer's order."""

    person_number: Annotated[str, text("psn_no", 30)]
    id_type: Annotated[str, text("psn_cert_type", 6)]
    id_number: Annotated[str, text("certno", 50)]
    name: Annotated[str, text("psn_name", 50)]
    gender: Annotated[str, text("gend", 6)]
    born_on: Annotated[date | None, day("brdy")] = None
    coverages: tuple[CoverageRow, ...] = ()
    special_statuses: tuple[SpecialStatusRow, ...] = ()

    def coverage_for(self, insurance_type: str) -> CoverageRow | None:
        """The normal row of a type of insurance, None when there is none."""
        rows = (row for row in self.coverages if row.insurance_type == insurance_type and row.is_normal)
        return next(rows, None)


def decode_sign_in(request: SignIn, output: Mapping[str, object]) -> SignInReply:
    """Read the reply of 9001."""
    return decode(SignInReply, output.get("signinoutb"))


def decode_person(request: ReadPerson, output: Mapping[str, object]) -> PersonReply:
    """Read the reply of 1101.

    Raises:
        ReplyInconsistent: it is about another ID number than was asked for, or cannot be read.
    """
    base = decode(PersonReply, output.get("baseinfo"))
    asked = request.certificate_number if request.certificate_type == ID_NUMBER else request.id_number
    if asked and base.id_number.upper() != asked.upper():
        raise ReplyInconsistent("certno is another person's")
    return replace(
        base,
        coverages=decode_each(CoverageRow, output.get("insuinfo")),
        special_statuses=decode_each(SpecialStatusRow, output.get("idetinfo")),
    )


def encode_sign_in(request: SignIn) -> dict[str, object]:
    """Write the input of 9001."""
    return {"signIn": encode(request)}


def encode_sign_out(request: SignOut) -> dict[str, object]:
    """Write the input of 9002."""
    return {"signOut": encode(request)}


def encode_person(request: ReadPerson) -> dict[str, object]:
    """Write the input of 1101."""
    return {"data": encode(request)}
