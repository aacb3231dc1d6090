"""Content and facts as a tariff file says them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml

from pricing.rules.facts import Band, ChargeRuleFact, ItemFact, OpeningFact, PriceFact, SuccessionFact
from pricing.rules.kinds import AmountKind, ItemKind
from pricing.rules.tariff_file.prices import CLASSES

_CLASS_NAMES = {code: name for name, code in CLASSES.items()}
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # libyaml where it is there


class _Plain(_DUMPER):  # type: ignore[misc]
    """Quotes only what would not be read as the same text: every value of a tariff file is text."""

    yaml_implicit_resolvers: dict[str, Any] = {}


def yaml_of(content: Any) -> str:
    """The content as YAML that reads back to the same, rows on lines of their own."""
    text: str = yaml.dump(
        content, Dumper=_Plain, allow_unicode=True, sort_keys=False, default_flow_style=None, width=116
    )
    return text


def written_item(item: ItemFact, *, content: str, content_en: str) -> dict[str, str]:
    """A row of the section ``items``."""
    said = {
        "code": item.code,
        "name": item.name,
        "name_en": item.name_en,
        "region": item.region_code,
        "category": item.category,
        "kind": item.kind.value if item.kind is not ItemKind.MAIN else "",
        "main": item.main_code or "",
        "service": item.service.value if item.service else "",
        "unit": item.unit,
        "unit_en": item.unit_en,
        "specification": item.specification,
        "specification_en": item.specification_en,
        "content": content,
        "content_en": content_en,
        "quantity_decimals": str(item.quantity_decimals) if item.quantity_decimals else "",
        "priced_as": item.priced_as or "",
        "insurance_code": item.insurance_code,
        "charge_type": item.charge_type,
    }
    return {name: text for name, text in said.items() if text}


def written_price(price: PriceFact, *, institution_code: str) -> dict[str, Any]:
    """A row of the section ``prices``."""
    said = {
        "item": price.item_code,
        "region": price.region_code,
        "institution": institution_code,
        "level": price.institution_level,
        "grade": price.institution_grade,
        "zone": price.price_zone,
        "ownership": price.ownership,
        "department": price.department,
        "condition": price.condition,
        "title": price.title,
        "age_from": price.age_from,
        "age_to": price.age_to,
        **_amount(price),
        **_limits(price),
        "class": _CLASS_NAMES.get(price.insurance_class),
        "self_pay_rate": price.self_pay_rate,
        "fund_amount": price.fund_amount,
        "from": price.begin.isoformat(),
        "until": price.end.isoformat() if price.end else None,
    }
    return _said(said)


def _amount(price: PriceFact) -> dict[str, Any]:
    """The one field that says the amount, and its base."""
    if price.kind is AmountKind.RANGE:
        return {"range": {"from": price.minimum, "to": price.maximum}}
    if price.kind is AmountKind.CEILING:
        return {"ceiling": price.maximum, "ceiling_rate": price.maximum_rate, "base": price.base_code}
    if price.kind is AmountKind.PERCENTAGE:
        return {"rate": price.rate, "base": price.base_code}
    if price.kind is AmountKind.SELF_SET:
        return {"self_set": "yes"}
    if price.kind is AmountKind.TIERED:
        rows = [_band(band) for band in price.bands]
        return {"bands": {"by": price.band_axis.value if price.band_axis else None, "rows": rows}}
    if price.kind is AmountKind.BASE_AND_FURTHER:
        further = {"further_amount": price.further_amount, "further_rate": price.further_rate}
        return {"base_and_further": {"amount": price.amount, "includes": price.included_quantity, **further}}
    return {"hourly" if price.kind is AmountKind.HOURLY else "amount": price.amount}


def _band(band: Band) -> dict[str, Any]:
    return {"above": band.above, "up_to": band.up_to, "key": band.key, "amount": band.amount}


def _limits(price: PriceFact) -> dict[str, Any]:
    period = {"amount": price.period_cap_amount, "days": price.period_cap_days}
    return {
        "cap": price.cap_amount,
        "cap_period": period if price.period_cap_days else None,
        "takes_surcharges": None if price.takes_surcharges else "no",
        "trial": "yes" if price.is_trial else None,
    }


def written_opening(opening: OpeningFact) -> dict[str, Any]:
    """A row of the section ``openings``."""
    said = {"service": opening.service.value, "region": opening.region_code}
    return _said({**said, "from": opening.begin.isoformat(), "until": opening.end})


def written_succession(succession: SuccessionFact) -> dict[str, Any]:
    """A row of the section ``successions``."""
    said = {"item": succession.item_code, "successor": succession.successor_code}
    return _said({**said, "region": succession.region_code, "from": succession.from_on.isoformat()})


def written_rule(rule: ChargeRuleFact, *, place: str) -> dict[str, Any]:
    """A row of the section ``rules``."""
    return _said(
        {
            "code": rule.code,
            "kind": rule.kind.value,
            "window": rule.window.value,
            "length": rule.window_length,
            "subjects": sorted(rule.subjects),
            "partners": sorted(rule.partners) or None,
            "limit": rule.limit_quantity,
            "limit_amount": rule.limit_amount,
            "text": rule.text,
            "text_en": rule.text_en,
            "place": place,
            "region": rule.region_code,
            "from": rule.begin,
            "until": rule.end,
        }
    )


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """The same with every value as text, and without what is not said."""
    return {name: _as_text(value) for name, value in row.items() if value is not None and value != ""}


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return _said(value)
    if isinstance(value, list):
        return [_as_text(each) for each in value]
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
