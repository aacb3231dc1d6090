"""An insurance payment that we have not ordered is not dropped."""

from types import SimpleNamespace

import pytest

from audit.models import AuditEntry
from kernel import clock
from payments.models import IncidentKind, PaymentIncident, PaymentNotification
from payments.operations import notifications

pytestmark = pytest.mark.django_db


def test_an_insurance_payment_that_nobody_ordered_is_recorded_as_contradicted_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told = SimpleNamespace(
        notification_id="N1", event_type="MEDICAL_INSURANCE.SUCCESS", order=None, refund=None, refund_to_ask="",
        med_ins=SimpleNamespace(out_trade_no="MI1", total_fen=1600),
    )  # fmt: skip
    channel = SimpleNamespace(parse_notification=lambda headers, body: told)
    monkeypatch.setattr(notifications, "gateway_of", lambda name: channel)

    for _ in range(2):
        notifications.receive_notification({}, b"", at=clock.now())

    assert PaymentNotification.objects.get().order_number == "MI1"
    assert AuditEntry.objects.filter(action="payments.order.contradicted").count() == 1
    assert PaymentIncident.objects.get().kind == IncidentKind.UNKNOWN_ORDER
    assert "MI1" in caplog.text
