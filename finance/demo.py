"""Demonstration data: another hospital that was invited to a service, and what it is owed. Invented, and marked so (演示)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from finance.rules.postings import Kind
from kernel import clock
from ledger import operations as ledger
from ledger.models import Posting
from ledger.rules import AccountKey, AccountKind, EntryLine
from pricing.models.items import ChargeType
from registry.models import Institution

INVITED: dict[str, Any] = {
    "code": "H33010000002",
    "name": "演示市第二人民医院",
    "name_en": "Demo City Second People's Hospital",
    "online_name": "演示市第二人民医院互联网医院",
    "online_name_en": "Demo City Second People's Hospital, Internet Hospital",
    "region_code": "330100",
    "level": 2,
    "grade": "甲等",
    "licence_number": "演示 PDY10000233010017A1001",
    "licence_authority": "演示市卫生健康委员会",
    "licence_until": date(2034, 1, 1),
    "address": "演示市演示路 2 号",
    "address_en": "2 Demo Road, Demo City",
    "phone": "400-000-0002",
    "is_demonstration": True,
}
SHARE = Decimal("36.00")
KEY = "demonstration:invited"
REASON = "演示：受邀机构的分成，没有真实的服务"


@transaction.atomic
def load(*, at: datetime) -> None:
    """Let the first hospital owe the invited one a share since yesterday, so that a payout can be tried; may be repeated."""
    inviting = Institution.objects.filter(is_demonstration=True).order_by("pk").first()
    if inviting is None:
        return
    invited, _made = Institution.objects.get_or_create(code=INVITED["code"], defaults=INVITED)
    if Posting.objects.filter(key=KEY).exists():
        return
    ledger.post(
        key=KEY,
        kind=Kind.REMOTE_SHARED,
        institution_id=inviting.pk,
        on=clock.day_of(at) - timedelta(days=1),
        at=at,
        lines=[
            EntryLine(AccountKey(AccountKind.REVENUE, category=ChargeType.CONSULTATION), SHARE),
            EntryLine(AccountKey(AccountKind.INSTITUTION_PAYABLE, party=invited.code), -SHARE),
        ],
        reason=REASON,
    )
