"""Rows of the sections ``openings``, ``successions`` and ``rules`` as facts."""

from datetime import date

from kernel.period import Period
from pricing.rules.facts import ChargeRuleFact, OpeningFact, SuccessionFact
from pricing.rules.kinds import RuleKind, Service, Window
from pricing.rules.tariff_file.amounts import Written, number
from pricing.rules.tariff_file.contents import TariffOpening, TariffRule, TariffSuccession
from pricing.rules.yaml_text import Path


def opening_of(row: Written, period: Period, path: Path, document: Written) -> TariffOpening:
    """A service opened for a region."""
    fact = OpeningFact(
        service=Service(row["service"]),
        region_code=row.get("region", document["region"]),
        begin=period.begin,
        end=period.end,
        document_number=document["number"],
        evidence_grade=document["evidence"],
    )
    return TariffOpening(fact, path)


def succession_of(row: Written, whole: Period, path: Path, document: Written) -> TariffSuccession:
    """An item abolished, and what takes its place."""
    fact = SuccessionFact(
        item_code=row["item"],
        region_code=row.get("region", document["region"]),
        from_on=date.fromisoformat(row["from"]) if "from" in row else whole.begin,
        successor_code=row.get("successor"),
        document_number=document["number"],
    )
    return TariffSuccession(fact, path)


def rule_of(row: Written, period: Period, path: Path, document: Written) -> TariffRule:
    """A rule between lines."""
    place = row.get("place", "")
    fact = ChargeRuleFact(
        code=row["code"],
        kind=RuleKind(row["kind"]),
        region_code=row.get("region", document["region"]),
        window=Window(row["window"]),
        window_length=int(row["length"]) if "length" in row else None,
        subjects=frozenset(row["subjects"]),
        partners=frozenset(row.get("partners", ())),
        limit_quantity=number(row, "limit"),
        limit_amount=number(row, "limit_amount"),
        text=row["text"],
        text_en=row["text_en"],
        source=" ".join(filter(None, (document["number"], place))),
        begin=period.begin,
        end=period.end,
        evidence_grade=document["evidence"],
    )
    return TariffRule(fact, place, path)
