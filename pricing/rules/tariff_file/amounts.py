"""The kinds of amounts in the words of the file, and as the facts have them."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pricing.rules.facts import Band
from pricing.rules.kinds import AmountKind, BandAxis
from pricing.rules.tariff_file.contents import Fault
from pricing.rules.yaml_text import Path

Written = Mapping[str, Any]
Terms = dict[str, Any]
"""Fields of ``PriceFact``."""


def _fixed(said: str) -> Terms:
    return {"kind": AmountKind.FIXED, "amount": Decimal(said)}


def _range(said: Written) -> Terms:
    return {"kind": AmountKind.RANGE, "minimum": Decimal(said["from"]), "maximum": Decimal(said["to"])}


def _bands(said: Written) -> Terms:
    return {
        "kind": AmountKind.TIERED,
        "band_axis": BandAxis(said["by"]),
        "bands": tuple(_band(row) for row in said["rows"]),
    }


def _band(row: Written) -> Band:
    return Band(Decimal(row["amount"]), number(row, "above"), number(row, "up_to"), row.get("key", ""))


def _base_and_further(said: Written) -> Terms:
    return {
        "kind": AmountKind.BASE_AND_FURTHER,
        "amount": Decimal(said["amount"]),
        "included_quantity": Decimal(said["includes"]),
        "further_amount": number(said, "further_amount"),
        "further_rate": number(said, "further_rate"),
    }


_KINDS: dict[str, Callable[[Any], Terms]] = {
    "amount": _fixed,
    "range": _range,
    "ceiling": lambda said: {"kind": AmountKind.CEILING, "maximum": Decimal(said)},
    "ceiling_rate": lambda said: {"kind": AmountKind.CEILING, "maximum_rate": Decimal(said)},
    "rate": lambda said: {"kind": AmountKind.PERCENTAGE, "rate": Decimal(said)},
    "self_set": lambda _said: {"kind": AmountKind.SELF_SET},
    "bands": _bands,
    "base_and_further": _base_and_further,
    "hourly": lambda said: {"kind": AmountKind.HOURLY, "amount": Decimal(said)},
    "regions": lambda _said: {"kind": AmountKind.FIXED},
}
"""By the field that says the amount; a row has exactly one of them."""

_NOTHING: Terms = {"amount": None}


def number(row: Written, name: str) -> Decimal | None:
    """A number, or None where it is not said."""
    return Decimal(row[name]) if name in row else None


def terms_of(row: Written) -> Terms:
    """How much it is; the row has no fault."""
    (said,) = _KINDS.keys() & row.keys()
    return {**_NOTHING, **_KINDS[said](row[said]), **_limits(row)}


def _limits(row: Written) -> Terms:
    """What goes with every kind, where it is said."""
    limits: Terms = {}
    if "base" in row:
        limits["base_code"] = row["base"]
    if "cap" in row:
        limits["cap_amount"] = Decimal(row["cap"])
    if "cap_period" in row:
        limits["period_cap_amount"] = Decimal(row["cap_period"]["amount"])
        limits["period_cap_days"] = int(row["cap_period"]["days"])
    if "fund_amount" in row:
        limits["fund_amount"] = Decimal(row["fund_amount"])
    if "takes_surcharges" in row:
        limits["takes_surcharges"] = row["takes_surcharges"] == "yes"
    if "trial" in row:
        limits["is_trial"] = row["trial"] == "yes"
    return limits


def faults_of_amount(row: Written, path: Path) -> Iterator[Fault]:
    """What is not one amount."""
    said = sorted(_KINDS.keys() & row.keys())
    if not said:
        yield path, _("The row says no amount.")
    elif len(said) > 1:
        message = _("The row says its amount more than once: %(fields)s.")
        yield (*path, said[1]), message % {"fields": ", ".join(said)}
    if "base" in row and not {"rate", "ceiling_rate"} & row.keys():
        yield (*path, "base"), _("Only a rate has a base.")
    if "range" in row and Decimal(row["range"]["from"]) > Decimal(row["range"]["to"]):
        yield (*path, "range"), _("The lower amount comes first.")
    if "base_and_further" in row:
        yield from _faults_of_further(row["base_and_further"], (*path, "base_and_further"))


def _faults_of_further(said: Written, path: Path) -> Iterator[Fault]:
    if len({"further_amount", "further_rate"} & said.keys()) != 1:
        yield path, _("Give either further_amount or further_rate.")
    if not Decimal(said["includes"]):
        yield (*path, "includes"), _("The base amount includes more than no unit.")
