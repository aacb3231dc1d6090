"""Files of ``tests/scenarios/pricing``: what a price clerk wrote, as rows and questions; the form is in its README."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateRange

from kernel import clock
from kernel.identifiers import age_on
from pricing.models import (
    OnsiteFeeRow,
    OnsiteFeeSchedule,
    Price,
    PriceItem,
    PublicHoliday,
    TariffDocument,
)
from pricing.operations.loading import load_tariffs
from pricing.operations.onsite import draft_onsite_fee, publish_onsite_fee
from pricing.operations.restating import retract
from pricing.rules import ServiceLine
from pricing.rules.facts import ChargedLine
from pricing.rules.tariff_file import read_tariff
from pricing.rules.yaml_text import read
from registry.models import Institution

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios" / "pricing"
SHANGHAI = ZoneInfo("Asia/Shanghai")
LONG_AGO = datetime(2015, 1, 1, tzinfo=SHANGHAI)
VISIT, EARLIER = "V1", "V0"

Case = dict[str, Any]

_DOCUMENT = {
    "title": "案例价目",
    "title_en": "Price list of a scenario",
    "issuer": "某省医疗保障局",
    "issuer_en": "Healthcare Security Administration of a province",
    "region": "330000",
    "from": "2026-01-01",
    "evidence": "A",
    "source": "S1",
    "found_at": "tests/scenarios/pricing",
}
_ITEM = {"category": "treatment", "unit": "次", "unit_en": "time", "region": "000000"}
_RULE = {"text": "规则", "text_en": "Rule"}


def files() -> Iterator[tuple[Path, Case]]:
    """Every file with its content; a plain list of cases has no tariff of its own."""
    for path in sorted(SCENARIOS.glob("*.yaml")):
        content = read(path.read_text(encoding="utf-8")).content
        yield path, content if isinstance(content, dict) else {"cases": content}


def load(around: Case) -> None:
    """Put the tariffs, on-site fees and holidays of a file into the database."""
    for tariff in around["tariffs"]:
        at = moment(tariff["loaded"]) if "loaded" in tariff else LONG_AGO
        number = tariff["document"]["number"]
        load_tariffs(files=[read_tariff(_written(tariff), name=number)], by=None, at=at)
        if "retracted" in tariff:
            for price in Price.objects.known().filter(document__number=number):
                retract(price, at=moment(tariff["retracted"]))
    for holiday in around.get("holidays", ()):
        PublicHoliday.objects.create(recorded_at=LONG_AGO, is_demonstration=False, **holiday)
    for fee in around.get("onsite_fees", ()):
        _publish(fee)


def _written(tariff: Case) -> str:
    """The tariff in file format 2, with what every scenario would say alike."""
    items = [
        {"name": item["code"], "name_en": item["code"], **_ITEM, **item} for item in tariff.get("items", ())
    ]
    rules = [{**_RULE, **rule} for rule in tariff.get("rules", ())]
    said = {key: tariff[key] for key in ("prices", "openings", "successions") if key in tariff}
    document = _DOCUMENT | tariff["document"]
    if document["evidence"] == "D":
        del document["source"]
    return json.dumps({"format": "2", "document": document, "items": items, "rules": rules} | said)


def _publish(fee: Case) -> None:
    until = date.fromisoformat(fee["until"]) if "until" in fee else None
    schedule = OnsiteFeeSchedule(
        institution=Institution.objects.get(),
        item=PriceItem.objects.get(code=fee["item"]),
        document=TariffDocument.objects.get(number=fee["document"]),
        area_region_code=fee["area"],
        effective=DateRange(date.fromisoformat(fee["from"]), until),
    )
    rows = [OnsiteFeeRow(**{**row, "title": row.get("title", "")}) for row in fee["rows"]]
    at = moment(fee["published"])
    draft_onsite_fee(schedule=schedule, rows=rows, by=None, at=at)
    publish_onsite_fee(schedule_id=schedule.pk, by=None, at=at)


def moment(text: str, day: date | None = None) -> datetime:
    """``2026-03-16 10:00``, in Asia/Shanghai unless it says an offset, or ``10:00`` of a day."""
    if day is not None and len(text) <= len("10:00:00"):
        return datetime.combine(day, time.fromisoformat(text), SHANGHAI)
    read_at = datetime.fromisoformat(text)
    return read_at if read_at.tzinfo else read_at.replace(tzinfo=SHANGHAI)


def age(case: Case) -> int | None:
    """Whole years on the day of the service, as said or from the day of birth."""
    if "born" in case:
        return age_on(date.fromisoformat(case["born"]), date.fromisoformat(case["day"]))
    return int(case["age"]) if "age" in case else None


def asked_lines(lines: Sequence[Case], day: date) -> list[ServiceLine]:
    """The lines, named by ``line`` or counted from 1."""
    return [
        ServiceLine(
            reference=line.get("line", str(number)),
            item_code=line["item"],
            quantity=Decimal(line.get("quantity", "1")),
            main_reference=line.get("on"),
            condition=line.get("condition", ""),
            distance_km=_decimal(line.get("distance_km")),
            duration_minutes=_decimal(line.get("duration_minutes")),
            body_part=line.get("body_part", ""),
            performed_at=moment(line["at"], day) if "at" in line else None,
            course=line.get("course", ""),
        )
        for number, line in enumerate(lines, 1)
    ]


def charged_lines(lines: Sequence[Case], day: date) -> list[ChargedLine]:
    """What was charged before; of another visit of the same day where nothing else is said."""
    found = []
    for line in lines:
        on = date.fromisoformat(line["day"]) if "day" in line else day
        at = moment(line["at"], on) if "at" in line else None
        found.append(
            ChargedLine(
                item_code=line["item"],
                quantity=Decimal(line.get("quantity", "1")),
                amount=Decimal(line.get("amount", "0.00")),
                service_on=clock.day_of(at) if at else on,
                encounter=line.get("visit", EARLIER),
                performed_at=at,
                course=line.get("course", ""),
            )
        )
    return found


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
