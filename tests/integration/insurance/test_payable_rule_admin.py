"""A rule of what is payable is recorded in the administration, with a trace."""

import pytest
from django.test import Client

from audit.models import AuditEntry
from insurance.models import PayableRule
from tests.factories.accounts import administrator

pytestmark = pytest.mark.django_db


def test_an_administrator_records_a_rule_and_it_leaves_a_trace(client: Client) -> None:
    client.force_login(administrator(), backend="django.contrib.auth.backends.ModelBackend")
    made = client.post(
        "/admin/insurance/payablerule/add/",
        {
            "pooling_area": "110000", "service": "online_revisit", "is_payable": "on", "valid_from": "2026-01-01",
            "source": "演示", "grade": "G",
        },
    )  # fmt: skip
    assert made.status_code == 302
    rule = PayableRule.objects.get()
    assert AuditEntry.objects.filter(subject_type="insurance.payablerule", subject_id=str(rule.pk)).exists()
