"""What becomes of a prescription at the centre: D004 withdraw, D005 read, D006 review, D007 medicines taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeVar

from insurance.gateway.messages.wire import ReplyInconsistent, decode, decode_each, moment, text
from insurance.gateway.prescribing.fields import Node, number, whole

REVIEW_WAITING, REVIEW_PASSED, REVIEW_REFUSED = "0", "1", "2"
"""rx_chk_stas_codg. ASSUMPTION: no source holds the values; a centre's own go into the province profile."""
NOT_USED, USED = "1", "2"
"""rx_used_stas_codg. ASSUMPTION as above; ``takeDrugFlag`` of the lines decides beside it."""
TAKEN = "1"


@dataclass(frozen=True, kw_only=True)
class WithdrawPrescription:
    """D004: only while nothing has been taken."""

    centre_number: Annotated[str, text("hiRxno", 30)]
    institution_code: Annotated[str, text("fixmedinsCode", 20)]
    doctor_code: Annotated[str, text("drCode", 20)]
    doctor_name: Annotated[str, text("undoDrName", 50)]
    doctor_id_type: Annotated[str, text("undoDrCertType", 6)]
    doctor_id_number: Annotated[str, text("undoDrCertno", 50)]
    reason: Annotated[str, text("undoRea", 200)]
    withdrawn_at: Annotated[datetime, moment("undoTime")]


@dataclass(frozen=True, kw_only=True)
class AskPrescription:
    """D005, D006 and D007 are asked alike: which prescription, whose."""

    centre_number: Annotated[str, text("hiRxno", 30)]
    institution_code: Annotated[str, text("fixmedinsCode", 20)]
    visit_number: Annotated[str, text("mdtrtId", 30)]
    patient_name: Annotated[str, text("psnName", 50)]
    id_type: Annotated[str, text("psnCertType", 6)]
    id_number: Annotated[str, text("certno", 50)]


@dataclass(frozen=True, kw_only=True)
class HeldPrescription:
    """D005, D004 and the heads of D006 and D007: how the centre holds it."""

    centre_number: Annotated[str, text("hiRxno", 30)]
    status: Annotated[str, text("rxStasCodg", 3)]
    status_name: Annotated[str, text("rxStasName", 20)] = ""
    use: Annotated[str, text("rxUsedStasCodg", 3)] = ""
    use_name: Annotated[str, text("rxUsedStasName", 20)] = ""


@dataclass(frozen=True, kw_only=True)
class PharmacyReview:
    """D006: what the pharmacist of the *dispensing* pharmacy said; ``verdict`` is empty before."""

    centre_number: Annotated[str, text("hiRxno", 30)]
    pharmacist_name: Annotated[str, text("pharName", 50)] = ""
    pharmacist_code: Annotated[str, text("pharCode", 20)] = ""
    verdict: Annotated[str, text("rxChkStasCodg", 3)] = ""
    verdict_name: Annotated[str, text("rxChkStasName", 20)] = ""
    opinion: Annotated[str, text("rxChkOpnn", 500)] = ""
    reviewed_at: Annotated[datetime | None, moment("rxChkTime")] = None
    status: Annotated[str, text("rxStasCodg", 3)] = ""
    status_name: Annotated[str, text("rxStasName", 20)] = ""


@dataclass(frozen=True, kw_only=True)
class TakenLine:
    """``seltdelts``: one medicine as the pharmacy sold it."""

    catalogue_code: Annotated[str, text("medListCodg", 50)]
    generic_name: Annotated[str, text("drugGenname", 100)]
    product_name: Annotated[str, text("drugProdname", 255)] = ""
    form: Annotated[str, text("drugDosform", 30)] = ""
    strength: Annotated[str, text("drugSpec", 40)] = ""
    quantity: Annotated[Decimal, number("cnt", digits=16, places=3)]
    approval_number: Annotated[str, text("aprvno", 50)] = ""
    batch: Annotated[str, text("manuLotnum", 50)] = ""
    maker: Annotated[str, text("prdrName", 100)] = ""
    taken: Annotated[str, text("takeDrugFlag", 3)] = ""


@dataclass(frozen=True, kw_only=True)
class TakingReply:
    """D007: whether and what was taken; ``lines`` may be empty."""

    head: HeldPrescription
    settled_at: datetime | None
    lines: tuple[TakenLine, ...]

    @property
    def is_taken(self) -> bool:
        """Used up there, or any medicine handed out."""
        return self.head.use == USED or any(line.taken == TAKEN for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class _SettledAt:
    """The one field of D007 that belongs to no other."""

    settled_at: Annotated[datetime | None, moment("setlTime")] = None


Asked = WithdrawPrescription | AskPrescription
Held = TypeVar("Held", HeldPrescription, PharmacyReview)


def encode_withdraw(request: WithdrawPrescription) -> Node:
    """Write the content of D004."""
    return whole(request)


def encode_ask(request: AskPrescription) -> Node:
    """Write the content of D005, D006 or D007."""
    return whole(request)


def decode_held(request: Asked, content: Mapping[str, object]) -> HeldPrescription:
    """Read the reply of D004 or D005."""
    return _of(request, decode(HeldPrescription, content))


def decode_review(request: AskPrescription, content: Mapping[str, object]) -> PharmacyReview:
    """Read the reply of D006."""
    return _of(request, decode(PharmacyReview, content))


def decode_taking(request: AskPrescription, content: Mapping[str, object]) -> TakingReply:
    """Read the reply of D007."""
    return TakingReply(
        head=_of(request, decode(HeldPrescription, content)),
        settled_at=decode(_SettledAt, content).settled_at,
        lines=decode_each(TakenLine, content.get("seltdelts")),
    )


def _of(request: Asked, reply: Held) -> Held:
    if reply.centre_number != request.centre_number:
        raise ReplyInconsistent("hiRxno is another prescription's")
    return reply
