"""The demonstration hospital's on-site fee: its own document, published before it applied. Every amount is invented."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from pricing.models import (
    Category,
    EvidenceGrade,
    OnsiteFeeRow,
    OnsiteFeeSchedule,
    OnsitePart,
    PriceItem,
    PublicHoliday,
    TariffDocument,
)
from pricing.operations import draft_onsite_fee, publish_onsite_fee, record_document, record_holiday
from registry.models import Institution
from registry.models.practitioners import Title

ONSITE_ITEM = "YS-SM"
"""Of ``pricing/tariffs/14-demo-home-nursing.yaml``."""
PUBLISHED_AT = datetime(2025, 12, 19, 2, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 1)
NUMBER = "演一院价〔2025〕8号"

DOCUMENT: dict[str, Any] = {
    "title": "关于“互联网+护理”上门服务费的公示（演示）",
    "title_en": "Notice on the on-site fee of nursing at home (demonstration)",
    "issuer": "演示市第一人民医院",
    "issuer_en": "Demo City First People's Hospital",
    "issued_on": date(2025, 12, 19),
    "evidence": EvidenceGrade.DEMONSTRATION,
    "found_at": "本系统自带的演示数据 (shipped with this system)",
    "note": "演示虚构，不得用于真实收费。按距离分段的做法见一家医院的公示（来源 S23）；职称、夜间、节假日、增加人数各项为虚构。",
    "note_en": (
        "Invented for demonstration and not to be charged in reality. Bands of distance follow a hospital's notice "
        "(source S23); title, night, holiday and further persons are invented."
    ),
}

BANDS = (("0", "3", "90"), ("3", "5", "140"), ("5", "10", "210"), ("10", "20", "360"))
"""Above km, up to km, yuan for a senior nurse (护师)."""
DEARER = Decimal(30)
"""Yuan more for a nurse in charge (主管护师)."""

HOLIDAYS = (
    (date(2026, 10, 1), "国庆节（演示）", "National Day (demonstration)"),
    (date(2027, 1, 1), "元旦（演示）", "New Year's Day (demonstration)"),
    (date(2027, 5, 1), "劳动节（演示）", "Labour Day (demonstration)"),
    (date(2027, 10, 1), "国庆节（演示）", "National Day (demonstration)"),
)
"""A few days to try it by; not the calendar that the State Council announces each year."""
HOLIDAYS_SOURCE = "演示数据，并非国务院办公厅的放假通知 (demonstration, not the announced calendar)"


@transaction.atomic
def load(*, at: datetime) -> None:
    """Publish the fee and enter the holidays of the demonstration; may be repeated."""
    item = PriceItem.objects.filter(code=ONSITE_ITEM, category=Category.ONSITE_FEE).first()
    for hospital in Institution.objects.filter(is_demonstration=True).order_by("pk")[:1]:
        if item is not None and not OnsiteFeeSchedule.objects.filter(institution=hospital).exists():
            _publish(hospital, item)
    for day, name, name_en in HOLIDAYS:
        if not PublicHoliday.objects.filter(day=day, is_demonstration=True).exists():
            holiday = PublicHoliday(
                day=day, name=name, name_en=name_en, source=HOLIDAYS_SOURCE, is_demonstration=True
            )
            record_holiday(holiday=holiday, by=None, at=at)


def _publish(hospital: Institution, item: PriceItem) -> None:
    schedule = OnsiteFeeSchedule(
        institution=hospital,
        item=item,
        document=_document(hospital),
        area_region_code=hospital.region_code,
        effective=DateRange(FIRST_DAY, None),
    )
    draft_onsite_fee(schedule=schedule, rows=rows(), by=None, at=PUBLISHED_AT)
    publish_onsite_fee(schedule_id=schedule.pk, by=None, at=PUBLISHED_AT)


def _document(hospital: Institution) -> TariffDocument:
    known = TariffDocument.objects.filter(number=NUMBER).first()
    if known is not None:
        return known
    document = TariffDocument(
        number=NUMBER, region_code=hospital.region_code, effective=DateRange(FIRST_DAY, None), **DOCUMENT
    )
    return record_document(document=document, changed=(), by=None, at=PUBLISHED_AT)


def rows() -> list[OnsiteFeeRow]:
    """Four bands of distance for two titles, and what is added to them."""
    titles = ((Title.NURSE_PRACTITIONER, Decimal(0)), (Title.NURSE_IN_CHARGE, DEARER))
    base = [
        OnsiteFeeRow(
            title=title,
            distance_above=Decimal(above),
            distance_up_to=Decimal(up_to),
            amount=Decimal(amount) + more,
        )
        for title, more in titles
        for above, up_to, amount in BANDS
    ]
    return [*base, *_additions()]


def _additions() -> list[OnsiteFeeRow]:
    return [
        OnsiteFeeRow(part=OnsitePart.FURTHER_TIME, minutes_above=60, unit_minutes=30, amount=Decimal(30)),
        OnsiteFeeRow(part=OnsitePart.NIGHT, begins_at=time(20), ends_at=time(8), rate=Decimal("0.3")),
        OnsiteFeeRow(part=OnsitePart.HOLIDAY, rate=Decimal("0.5")),
        OnsiteFeeRow(part=OnsitePart.EXTRA_PERSON, rate=Decimal("0.4")),
    ]
