"""A small hospital that walks a visit up to its settlement."""

import itertools
import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx

from insurance.gateway import messages as m
from insurance.gateway.client import InsuranceClient
from insurance.gateway.config import GatewayConfig, RememberedSignNumbers
from insurance.gateway.messages.wire import SHANGHAI
from insurance.gateway.port import InsuranceGateway
from tests.verification.simulators import Simulators

INSTITUTION = "H33010000001"
READ_SECONDS = 1.5
LONGER_THAN_THE_CLIENT_WAITS = 3.0
ZHANG = "330106195603089829"
_serials = itertools.count(1)


def new_msgid() -> str:
    """A message number; the run is too short for the serials to come round within a second."""
    return m.national_message_id(institution_code=INSTITUTION, at=_now(), serial=next(_serials))


def config_for(insurer: Simulators, **changes: Any) -> GatewayConfig:
    """Our configuration towards the running simulator."""
    values: dict[str, Any] = {
        "base_url": f"{insurer.url}/insurer",
        "institution_code": INSTITUTION,
        "institution_name": "演示市第一人民医院",
        "region": "330100",
        "operator_code": "IH001",
        "operator_name": "互联网医院",
        "tif_paasid": insurer.keys.settings["INSURANCE_TIF_PAASID"],
        "tif_token": insurer.keys.settings["INSURANCE_TIF_TOKEN"],
        "read_seconds": READ_SECONDS,
        "settle_read_seconds": READ_SECONDS,
    }
    return GatewayConfig(**(values | changes))


def sign_in(gateway: InsuranceGateway) -> str:
    """Ask for a sign number."""
    request = m.SignIn(operator_code="IH001", ip_address="127.0.0.1")
    return gateway.sign_in(new_msgid(), request).reply.sign_number


def client_for(insurer: Simulators, **changes: Any) -> InsuranceClient:
    """A client that signs in by itself."""
    return InsuranceClient(
        config_for(insurer, **changes), RememberedSignNumbers(sign_in, lambda: _now().date())
    )


def _now() -> datetime:
    return datetime.now(SHANGHAI)


class Hospital:
    """Writes requests about one person's visit and sends them."""

    def __init__(self, insurer: Simulators, client: InsuranceClient, id_number: str = ZHANG) -> None:
        self.insurer = insurer
        self.client = client
        self.id_number = id_number
        self.batch = uuid.uuid4().hex[:20]
        self.visit_number = ""
        self.totals: m.ScopeTotals | None = None

    def arrive(self) -> m.PersonReply:
        """1101 and 2201."""
        self.person = self.client.read_person(new_msgid(), self.person_request()).reply
        self.coverage = self.person.coverages[0]
        reply = self.client.register_visit(new_msgid(), self.register_request()).reply
        self.visit_number = reply.visit_number
        return self.person

    def person_request(self) -> m.ReadPerson:
        return m.ReadPerson(certificate_type=m.ID_NUMBER, certificate_number=self.id_number)

    def register_request(self) -> m.RegisterVisit:
        return m.RegisterVisit(
            insured_region=self.coverage.insured_region,
            person_number=self.person.person_number,
            insurance_type=self.coverage.insurance_type,
            registered_at=_now(),
            certificate_type=m.ID_NUMBER,
            certificate_number=self.id_number,
            hospital_visit_number=uuid.uuid4().hex[:30],
            doctor_code="D330100000001",
            doctor_name="李明",
            department_code="0301",
            department_name="心血管内科",
            subject_code="A03",
        )

    def report(self) -> None:
        """2203A."""
        self.client.report_visit(new_msgid(), self.report_request())

    def report_request(self, code: str = "I10.x00x002") -> m.ReportVisit:
        diagnosis = m.DiagnosisRow(
            order=1,
            code=code,
            name="高血压病",
            department_name="心血管内科",
            doctor_code="D330100000001",
            doctor_name="李明",
            diagnosed_at=_now(),
        )
        return m.ReportVisit(
            insured_region=self.coverage.insured_region,
            visit_number=self.visit_number,
            person_number=self.person.person_number,
            treatment_type=m.ORDINARY_OUTPATIENT,
            began_at=_now(),
            condition="高血压复诊",
            diagnoses=(diagnosis,),
        )

    def upload(self, *lines: m.FeeLine) -> m.FeesReply:
        """2204: by default the consultation (10.00) and two boxes of a class-B drug at 30.00."""
        reply = self.client.upload_fees(new_msgid(), self.upload_request(*lines)).reply
        self.totals = reply.totals
        return reply

    def upload_request(self, *lines: m.FeeLine) -> m.UploadFees:
        default = (self.line("001102000010000", "10.00"), self.line("XC09CADEMO005", "30.00", "2"))
        return m.UploadFees(insured_region=self.coverage.insured_region, lines=lines or default)

    def line(self, code: str, price: str, quantity: str = "1", **changes: Any) -> m.FeeLine:
        values: dict[str, Any] = {
            "line_number": uuid.uuid4().hex[:30],
            "visit_number": self.visit_number,
            "person_number": self.person.person_number,
            "batch_number": self.batch,
            "charged_at": _now(),
            "catalogue_code": code,
            "hospital_code": code,
            "amount": Decimal(price) * Decimal(quantity),
            "quantity": Decimal(quantity),
            "unit_price": Decimal(price),
            "department_code": "0301",
            "department_name": "心血管内科",
            "doctor_code": "D330100000001",
            "doctor_name": "李明",
        }
        return m.FeeLine(**(values | changes))

    def ready_to_settle(self) -> m.Settle:
        """Everything before 2207A; its request."""
        self.arrive()
        self.report()
        self.upload()
        return self.settle_request()

    def presettle_request(self) -> m.Presettle:
        return m.Presettle(**self._settlement_values())

    def settle_request(self, **changes: Any) -> m.Settle:
        assert self.totals is not None
        parts = {
            "full_own_pay_amount": self.totals.full_own_pay_amount,
            "over_limit_amount": self.totals.over_limit_amount,
            "first_self_pay_amount": self.totals.first_self_pay_amount,
            "in_scope_amount": self.totals.in_scope_amount,
        }
        return m.Settle(**(self._settlement_values() | parts | changes))

    def _settlement_values(self) -> dict[str, Any]:
        assert self.totals is not None
        return {
            "insured_region": self.coverage.insured_region,
            "person_number": self.person.person_number,
            "certificate_type": m.ID_NUMBER,
            "certificate_number": self.id_number,
            "treatment_type": m.ORDINARY_OUTPATIENT,
            "total_amount": self.totals.total_amount,
            "visit_number": self.visit_number,
            "batch_number": self.batch,
            "use_account": True,
            "insurance_type": self.coverage.insurance_type,
        }

    def cancel_request(self, settled: m.SettlementReply) -> m.CancelSettlement:
        assert settled.settlement_number is not None
        return m.CancelSettlement(
            insured_region=self.coverage.insured_region,
            settlement_number=settled.settlement_number,
            visit_number=self.visit_number,
            person_number=self.person.person_number,
        )

    def query_request(self, settlement_number: str | None = None) -> m.QuerySettlement:
        return m.QuerySettlement(
            insured_region=self.coverage.insured_region,
            person_number=self.person.person_number,
            settlement_number=settlement_number,
            visit_number=self.visit_number,
        )

    def kept(self, **query: str) -> list[dict[str, Any]]:
        """The insurer's own list of settlements of this visit."""
        answer = httpx.get(
            f"{self.insurer.url}/insurer/control/settlements/", params={"mdtrt_id": self.visit_number} | query
        )
        return list(answer.json()["settlements"])

    def balance(self) -> Decimal:
        """The person's account as 1101 tells it."""
        return self.client.read_person(new_msgid(), self.person_request()).reply.coverages[0].balance
