"""The cases of ``tests/scenarios/pricing``, priced by a small tariff of their own.

The form of the files, for those who write them, is described in ``tests/scenarios/pricing/README.md``.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation

from kernel.errors import Violation
from pricing.models import SharingAgreement
from pricing.operations.sharing import record_agreement
from pricing.queries import quote_for
from pricing.queries.onsite import home_visit_quote
from pricing.queries.sharing import remote_quote
from pricing.rules import PricingRefused, Quote, QuotedLine
from pricing.rules.kinds import Service
from pricing.rules.onsite import VisitFact
from pricing.rules.sharing import Shares
from registry.models import Institution
from tests.integration.pricing.scenario_file import (
    LONG_AGO,
    VISIT,
    Case,
    age,
    asked_lines,
    charged_lines,
    files,
    load,
    moment,
)

TITLES = {
    "chief": "231",
    "associate chief": "232",
    "attending": "233",
    "physician": "234",
    "chief nurse": "251",
    "associate chief nurse": "252",
    "nurse in charge": "253",
    "senior nurse": "254",
    "nurse": "255",
}
HOSPITALS: dict[str, dict[str, Any]] = {
    "demonstration": {},
    "Harbin": {"region_code": "230100", "is_demonstration": False},
    "Sichuan level 1": {"region_code": "510100", "level": 1, "is_demonstration": False},
    "Sichuan level 3": {"region_code": "510100", "level": 3, "is_demonstration": False},
    "Mianyang": {"region_code": "510700", "is_demonstration": False},
    "Zhejiang": {"region_code": "330100", "is_demonstration": False},
    "Shenzhen": {"region_code": "440300", "is_demonstration": False},
    "Zhongshan": {"region_code": "442000", "is_demonstration": False},
    "Beijing": {"region_code": "110101", "is_demonstration": False},
    "Jiangsu level 1": {"region_code": "320100", "level": 1, "is_demonstration": False},
    "Jiangsu level 2": {"region_code": "320100", "level": 2, "is_demonstration": False},
    "Jiangsu level 3": {"region_code": "320100", "level": 3, "is_demonstration": False},
    "Fujian": {"region_code": "350100", "is_demonstration": False},
    "Liaoning": {"region_code": "210100", "is_demonstration": False},
}
COLUMNS = {
    "region": "region_code",
    "level": "level",
    "grade": "grade",
    "zone": "price_zone",
    "ownership": "ownership",
}
CLASSES = {"甲": "01", "乙": "02", "丙": "03"}
FEN = Decimal("0.01")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    quote: Quote
    shares: Shares | None = None


OWN = [
    pytest.param(case, around, id=f"{path.stem}: {case['name']}")
    for path, around in files()
    if "tariffs" in around
    for case in around["cases"]
]


@pytest.mark.django_db
@pytest.mark.parametrize(("case", "around"), OWN)
def test_the_scenario_holds_under_its_own_tariff(
    case: Case, around: Case, hospital: Institution, settings: Any
) -> None:
    settings.PRICING_CEILING_IS_CHARGED = case.get("ceiling_is_charged", "yes") == "yes"
    hospital.is_demonstration = False
    hospital.save()
    load(around)
    hold(case, hospital)


def hold(case: Case, hospital: Institution) -> None:
    _describe(hospital, case.get("hospital", {}))
    with translation.override("en"):
        if "refused" in case:
            with pytest.raises(PricingRefused) as refusal:
                _ask(case, hospital)
            assert refusal.value.code == case["refused"]
            _check_refusal(case, refusal.value)
        else:
            _check(case, _ask(case, hospital))


def _describe(hospital: Institution, said: str | dict[str, str]) -> None:
    """A hospital by its name here, or the columns in which it differs from the usual one."""
    columns = HOSPITALS[said] if isinstance(said, str) else {}
    if isinstance(said, dict):
        columns = {COLUMNS[name]: value for name, value in said.items() if name != "demonstration"}
        hospital.is_demonstration = said.get("demonstration", "no") == "yes"
    for name, value in columns.items():
        setattr(hospital, name, int(value) if name == "level" else value)
    hospital.save()


def _ask(case: Case, hospital: Institution) -> Answer:
    if "visit_at" in case:
        return Answer(_home_visit(case, hospital))
    day = date.fromisoformat(case["day"])
    asked: dict[str, Any] = {
        "lines": asked_lines(case["lines"], day),
        "practitioner_title": TITLES.get(case.get("title", "")),
        "patient_age": age(case),
        "encounter": case.get("visit", VISIT),
        "charged": charged_lines(case.get("charged", ()), day),
    }
    if "inviting" in case:
        return _remote(case, hospital, asked, day)
    known_at = moment(case["known_at"]) if "known_at" in case else None
    department = case.get("department", "")
    return Answer(
        quote_for(**asked, institution=hospital, service_on=day, department=department, known_at=known_at)
    )


def _home_visit(case: Case, hospital: Institution) -> Quote:
    visit = VisitFact(
        starts_at=moment(case["visit_at"]),
        region_code=case["address"],
        distance_km=Decimal(case["distance_km"]) if "distance_km" in case else None,
        nurse_title=TITLES.get(case.get("title", "")),
        duration_minutes=int(case["minutes"]) if "minutes" in case else None,
        persons=int(case.get("persons", "1")),
    )
    lines = asked_lines(case.get("lines", ()), visit.service_on)
    return home_visit_quote(
        institution=hospital, visit=visit, service_lines=lines, patient_age=age(case), encounter=VISIT
    )


def _remote(case: Case, invited: Institution, asked: dict[str, Any], day: date) -> Answer:
    """A remote service: ``hospital`` of the case is the invited party."""
    said = case["inviting"]
    inviting = Institution.objects.get()
    inviting.pk, inviting.code = None, "H33010000002"
    _describe(inviting, {name: said[name] for name in said if name in COLUMNS})
    rates = {f"{name}_rate": Decimal(rate) for name, rate in case["agreement"].items()}
    agreement = SharingAgreement(
        number="协议1号",
        service=Service.REMOTE_CONSULTATION,
        inviting=inviting,
        invited=invited,
        platform_name="平台",
        signed_on=date(2025, 12, 1),
        effective=DateRange(date(2026, 1, 1), None),
        **rates,
    )
    record_agreement(agreement=agreement, by=None, at=LONG_AGO)
    found = remote_quote(**asked, inviting=inviting, invited=invited, on=day)
    return Answer(found.quote, found.shares)


def _check(case: Case, answer: Answer) -> None:
    quoted = answer.quote
    expected = list(case.get("lines", ()))
    if "onsite_fee" in case:
        expected.append({"amount": case["onsite_fee"]})
    assert [line.amount for line in quoted.lines] == [Decimal(line["amount"]) for line in expected]
    for line, said in zip(quoted.lines, expected, strict=True):
        _check_line(line, said)
    assert quoted.total == Decimal(case["total"]) == sum(line.amount for line in quoted.lines)
    if "document" in case:
        assert {line.document_number for line in quoted.lines} == {case["document"]}
    if answer.shares is not None:
        shares = answer.shares
        assert [shares.inviting, shares.invited, shares.platform] == [
            Decimal(case["shares"][party]) for party in ("inviting", "invited", "platform")
        ]


def _check_line(line: QuotedLine, said: Case) -> None:
    """What the case says of the line, and what holds for every line."""
    assert line.document_number
    assert line.amount == (line.unit_price * line.quantity).quantize(FEN, ROUND_HALF_UP)
    assert sum(step.amount for step in line.steps) == line.unit_price
    assert all(step.text and step.text_en for step in line.steps)
    if "document" in said:
        assert line.document_number == said["document"]
    if "class" in said:
        assert line.insurance_class == CLASSES[said["class"]]
    for name in ("self_pay_rate", "fund_amount"):
        if name in said:
            assert getattr(line, name) == Decimal(said[name])
    if "trial" in said:
        assert line.is_trial == (said["trial"] == "yes")


def _check_refusal(case: Case, refusal: PricingRefused) -> None:
    """What the case says of the refusal; every violation has a number and a sentence."""
    assert refusal.violations
    assert all(violation.rule and str(violation.message) for violation in refusal.violations)
    if "rule" in case:
        assert {violation.rule for violation in refusal.violations} == {case["rule"]}
    if "at" in case:
        assert {violation.field for violation in refusal.violations} == set(case["at"])
    if "broken" in case:
        sources = {str(violation.source) for violation in refusal.violations}
        assert len(sources) == len(case["broken"])
        assert all(any(source.endswith(place) for source in sources) for place in case["broken"])
    if "says" in case:
        assert any(case["says"] in _told(violation) for violation in refusal.violations)


def _told(violation: Violation) -> str:
    return f"{violation.message} {violation.way_on}"
