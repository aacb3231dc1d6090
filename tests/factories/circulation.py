"""A centre of e-prescriptions in memory, for operations that need no wire; what it shall answer is told to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from insurance.gateway.port import Exchange, GatewayRefused, GatewayUnanswered
from insurance.gateway.prescribing.following import (
    AskPrescription,
    HeldPrescription,
    PharmacyReview,
    TakenLine,
    TakingReply,
    WithdrawPrescription,
)
from insurance.gateway.prescribing.port import NoSuchPrescription, NumberTaken
from insurance.gateway.prescribing.prechecking import PrecheckPrescription, PrecheckReply, encode_precheck
from insurance.gateway.prescribing.signing import (
    SignatureReply,
    SignPrescription,
    UploadPrescription,
    UploadReply,
    encode_sign,
    encode_upload,
)
from insurance.models import VisitRegistration
from prescriptions.models import Circulation, Prescription
from tests.factories.prescriptions import Visit
from tests.factories.registry import CoverageFactory

NUMBER = "330100202611201430000000000001"
TRACE = "33010026112000000001"


@dataclass
class StubCentre:
    """Behaves as the real one; ``faults`` maps a verb to what goes wrong with its next messages, in order.

    ``lost_before``: silent, nothing happened; ``lost_after``: it happened, and is silent; ``refuse``: says no.
    """

    faults: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    requests: dict[str, Any] = field(default_factory=dict)
    status: str = ""
    is_taken: bool = False
    numbers: set[str] = field(default_factory=set)

    def precheck(self, request: PrecheckPrescription) -> Exchange[PrecheckReply]:
        """D001; the real encoder proves that every field fits."""
        encode_precheck(request)
        return self._say("D001", request, lambda: PrecheckReply(trace_code=TRACE, centre_number=NUMBER))

    def sign(self, request: SignPrescription) -> Exchange[SignatureReply]:
        """D002."""
        encode_sign(request)
        reply = SignatureReply(
            file="JVBERi0=", digest="c2ln", certificate_serial="1", certificate_name="CN=x"
        )
        return self._say("D002", request, lambda: reply)

    def upload(self, request: UploadPrescription) -> Exchange[UploadReply]:
        """D003: a tracing code counts once."""
        encode_upload(request)
        return self._say("D003", request, self._uploaded)

    def _uploaded(self) -> UploadReply:
        if self.status:
            raise NumberTaken("处方追溯码已使用")
        self.status = "1"
        return UploadReply(centre_number=NUMBER, status="1")

    def withdraw(self, request: WithdrawPrescription) -> Exchange[HeldPrescription]:
        """D004."""
        return self._say("D004", request, self._withdrawn)

    def _withdrawn(self) -> HeldPrescription:
        if self.is_taken or self.status != "1":
            raise GatewayRefused("不能撤销")
        self.status = "3"
        return self._held()

    def read(self, request: AskPrescription) -> Exchange[HeldPrescription]:
        """D005."""
        return self._say("D005", request, self._held)

    def review_of(self, request: AskPrescription) -> Exchange[PharmacyReview]:
        """D006."""
        verdict = "1" if self.is_taken else "0"
        return self._say("D006", request, lambda: PharmacyReview(centre_number=NUMBER, verdict=verdict))

    def taking_of(self, request: AskPrescription) -> Exchange[TakingReply]:
        """D007."""
        line = TakenLine(catalogue_code="X", generic_name="苯磺酸氨氯地平片", quantity=Decimal(1), taken="1")
        lines = (line,) if self.is_taken else ()
        return self._say(
            "D007", request, lambda: TakingReply(head=self._held(), settled_at=None, lines=lines)
        )

    def _held(self) -> HeldPrescription:
        if not self.status:
            raise NoSuchPrescription("处方不存在")
        return HeldPrescription(
            centre_number=NUMBER, status=self.status, use="2" if self.is_taken else "1"
        )  # fmt: skip

    def _say(self, verb: str, request: Any, does: Callable[[], Any]) -> Exchange[Any]:
        self.asked.append(verb)
        self.requests[verb] = request
        waiting = self.faults.get(verb, [])
        fault = waiting.pop(0) if waiting else ""
        if fault == "refuse":
            raise GatewayRefused("业务失败")
        if fault == "taken_number":
            raise NumberTaken("定点医疗机构处方编号重复")
        if fault == "lost_before":
            raise GatewayUnanswered("silence")
        reply = does()
        if fault == "lost_after":
            raise GatewayUnanswered("silence")
        return Exchange("{}", "{}", reply)


def registered(at_visit: Visit, **fields: Any) -> VisitRegistration:
    """The visit as the insurer knows it, for an insured patient."""
    encounter = at_visit.encounter
    coverage = fields.pop("coverage", None) or CoverageFactory(patient=at_visit.patient)
    named: dict[str, Any] = {
        "coverage": coverage, "person_number": "33010000000000000001",
        "insurance_type": "310", "insured_region": "330100", "visit_number": f"3301002026112000{encounter.pk:06d}",
        "registered_at": encounter.opened_at,
    }  # fmt: skip
    return VisitRegistration.objects.create(encounter=encounter, **(named | fields))


def circulating(prescription: Prescription, at: datetime, **fields: Any) -> Circulation:
    """In force at the centre."""
    registration = VisitRegistration.objects.get(encounter=prescription.encounter)
    named: dict[str, Any] = {
        "registration": registration, "hospital_number": f"{prescription.number}-1", "trace_code": TRACE,
        "centre_number": NUMBER, "state": "circulating", "opened_at": at, "uploaded_at": at, "next_ask_at": at,
    }  # fmt: skip
    return Circulation.objects.create(prescription=prescription, **(named | fields))
