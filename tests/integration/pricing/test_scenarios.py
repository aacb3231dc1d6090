"""The cases of ``tests/scenarios/pricing``, priced by the tariffs that are shipped."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pricing.queries import quote_for
from pricing.rules import PricingRefused, ServiceLine
from pricing.rules.yaml_text import read
from registry.models import Institution

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios" / "pricing"
TITLES = {"chief": "231", "associate chief": "232", "physician": "234"}
HOSPITALS: dict[str, dict[str, Any]] = {
    "demonstration": {},
    "Harbin": {"region_code": "230100", "is_demonstration": False},
    "Sichuan level 1": {"region_code": "510100", "level": 1, "is_demonstration": False},
    "Sichuan level 3": {"region_code": "510100", "level": 3, "is_demonstration": False},
}


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['name']}")
        for path in sorted(SCENARIOS.glob("*.yaml"))
        for case in read(path.read_text(encoding="utf-8")).content
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("case", cases())
def test_the_scenario_holds(case: dict[str, Any], hospital: Institution, shipped: None) -> None:
    for name, value in HOSPITALS[case["hospital"]].items():
        setattr(hospital, name, value)
    lines = [
        ServiceLine(str(number), line["item"], Decimal(line["quantity"]))
        for number, line in enumerate(case["lines"])
    ]
    asked: dict[str, Any] = {
        "lines": lines,
        "institution": hospital,
        "service_on": date.fromisoformat(case["day"]),
        "practitioner_title": TITLES.get(case.get("title", "")),
    }
    if "refused" in case:
        with pytest.raises(PricingRefused) as refusal:
            quote_for(**asked)
        assert refusal.value.code == case["refused"]
        return
    quoted = quote_for(**asked)
    assert [line.amount for line in quoted.lines] == [Decimal(line["amount"]) for line in case["lines"]]
    assert quoted.total == Decimal(case["total"])
    if "document" in case:
        assert {line.document_number for line in quoted.lines} == {case["document"]}
