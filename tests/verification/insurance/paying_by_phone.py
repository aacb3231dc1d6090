"""A small hospital that takes a visit through the mobile payment centre."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from insurance.gateway.mobile.client import CentreConfig, MobilePaymentClient
from insurance.gateway.mobile.replies import OrderUploaded
from insurance.gateway.mobile.requests import (
    INSURANCE,
    AskOrder,
    OrderLine,
    PayOrder,
    RefundOrder,
    UploadOrder,
)
from insurance.gateway.sealing import EnvelopeKeys
from simulators.sealed_keys import MOBILE_PAYMENT
from tests.verification.insurance.visiting import INSTITUTION, Hospital, new_msgid
from tests.verification.simulators import Simulators

READ_SECONDS = 1.5


def centre_client(simulators: Simulators, **changes: Any) -> MobilePaymentClient:
    """A client with the keys that the centre gave the hospital."""
    given = simulators.keys.settings
    keys = EnvelopeKeys.from_text(
        app_id=given[f"{MOBILE_PAYMENT}_APP_ID"],
        app_secret=given[f"{MOBILE_PAYMENT}_APP_SECRET"],
        private_key=given[f"{MOBILE_PAYMENT}_PRIVATE_KEY"],
        platform_public_key=given[f"{MOBILE_PAYMENT}_PLATFORM_PUBLIC_KEY"],
    )
    values: dict[str, Any] = {
        "base_url": f"{simulators.url}/mobilepay",
        "keys": keys,
        "read_seconds": READ_SECONDS,
    }
    return MobilePaymentClient(CentreConfig(**(values | changes)))


def permission(simulators: Simulators, id_number: str) -> str:
    """A payAuthNo that she has just allowed."""
    given = simulators.control("mobilepay", "permission", id_number=id_number)
    return str(given["payAuthNo"])


class PhoneOrder:
    """One visit's order: a consultation of 10.00 of which the fund pays 7.00, the account 2.00, and 1.00 is cash."""

    def __init__(self, hospital: Hospital, client: MobilePaymentClient) -> None:
        self.hospital = hospital
        self.client = client
        self.number = f"M{uuid.uuid4().hex[:20]}"
        self.business_number = new_msgid()
        self.permission = permission(hospital.insurer, hospital.id_number)
        hospital.arrive()
        hospital.report()

    def upload(self, **changes: Any) -> OrderUploaded:
        self.uploaded = self.client.upload_order(self.upload_request(**changes)).reply
        return self.uploaded

    def upload_request(self, **changes: Any) -> UploadOrder:
        if not hasattr(self, "_line"):
            self._line = self.line()
        person, coverage = self.hospital.person, self.hospital.coverage
        values: dict[str, Any] = {
            "institution_code": INSTITUTION,
            "order_number": self.number,
            "person_number": person.person_number,
            "insurance_type": coverage.insurance_type,
            "insured_region": coverage.insured_region,
            "person_name": "张秀英",
            "id_number": self.hospital.id_number,
            "voucher_token": f"EC{self.hospital.id_number}",
            "began_at": self._line.charged_at,
            "visit_number": self.hospital.visit_number,
            "hospital_visit_number": self.hospital.visit_number,
            "department_code": "0301",
            "department_name": "心血管内科",
            "subject_code": "A03",
            "treatment_type": "11",
            "batch_number": self.hospital.batch,
            "total_amount": Decimal("10.00"),
            "lines": (self._line,),
        }
        return UploadOrder(**(values | changes))

    def line(self) -> OrderLine:
        return OrderLine(
            line_number=uuid.uuid4().hex[:30],
            person_number=self.hospital.person.person_number,
            batch_number=self.hospital.batch,
            charged_at=datetime.now(UTC),
            catalogue_code="001102000010000",
            hospital_code="001102000010000",
            amount=Decimal("10.00"),
            quantity=Decimal(1),
            unit_price=Decimal("10.00"),
            department_code="0301",
            department_name="心血管内科",
            doctor_code="D330100000001",
            doctor_name="李明",
        )

    def pay_request(self, **changes: Any) -> PayOrder:
        values: dict[str, Any] = {
            "payment_permission": self.permission,
            "centre_number": self.uploaded.centre_number,
            "token": self.uploaded.token,
            "institution_code": INSTITUTION,
            "business_number": self.business_number,
            "batch_number": self.hospital.batch,
            "visit_number": self.hospital.visit_number,
        }
        return PayOrder(**(values | changes))

    def ask_request(self, **changes: Any) -> AskOrder:
        values: dict[str, Any] = {
            "centre_number": self.uploaded.centre_number,
            "institution_code": INSTITUTION,
            "token": self.uploaded.token,
            "id_number": self.hospital.id_number,
            "person_name": "张秀英",
        }
        return AskOrder(**(values | changes))

    def refund_request(self, **changes: Any) -> RefundOrder:
        values: dict[str, Any] = {
            "centre_number": self.uploaded.centre_number,
            "refund_number": new_msgid(),
            "asked_at": datetime.now(UTC),
            "total_amount": Decimal("9.00"),
            "cash_amount": Decimal("0.00"),
            "account_amount": Decimal("2.00"),
            "fund_amount": Decimal("7.00"),
            "kind": INSURANCE,
            "voucher_token": f"EC{self.hospital.id_number}",
        }
        return RefundOrder(**(values | changes))
