"""Whether rows that have the right form make sense, as far as the file alone can say."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from kernel.period import Period
from pricing.rules.codes import ADDRESSES
from pricing.rules.facts import DEMONSTRATION
from pricing.rules.lookup import regions_around
from pricing.rules.publishing import band_violations
from pricing.rules.scope import Scope, overlap, scope_of
from pricing.rules.tariff_file.contents import (
    Fault,
    TariffFile,
    TariffOpening,
    TariffPrice,
    TariffRule,
    TariffSuccession,
)
from pricing.rules.tariff_file.meaning_of_policy import faults_of_policy
from pricing.rules.yaml_text import Path

_Lasting = TariffPrice | TariffOpening | TariffRule


def faults_of_meaning(file: TariffFile) -> Iterator[Fault]:
    """Everything that does not fit together; may be empty."""
    if file.document["evidence"] != DEMONSTRATION and "source" not in file.document:
        yield ("document", "evidence"), _("A real document names its source.")
    yield from _of_items(file)
    for price in file.prices:
        yield from _of_price(price)
    yield from _of_places_and_days(file)
    yield from _overlaps(file)
    yield from faults_of_policy(file)


def _of_items(file: TariffFile) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, item in enumerate(file.items):
        path: Path = ("items", index)
        if item["code"] in seen:
            yield path, _("The item “%(code)s” is given twice.") % {"code": item["code"]}
        seen.add(item["code"])
        if item["code"] in ADDRESSES:
            message = _("A code holds no slash, and is no word that a page has as its address.")
            yield (*path, "code"), message
        if (item.get("kind", "main") == "main") is ("main" in item):
            message = _(
                "A surcharge, extension or reduction names its main item, and a main item names none."
            )
            yield path, message
    without_price = {item["code"] for item in file.items if "priced_as" in item}
    for price in file.prices:
        if price.fact.item_code in without_price:
            yield price.path, _("An item that is charged like another has no price of its own.")


def _of_price(price: TariffPrice) -> Iterator[Fault]:
    fact = price.fact
    if fact.age_from is not None and fact.age_to is not None and fact.age_from > fact.age_to:
        yield (*price.path, "age_to"), _("The lower age comes first.")
    for violation in band_violations(fact):
        yield (*price.path, "bands"), violation.message


def _of_places_and_days(file: TariffFile) -> Iterator[Fault]:
    """No row reaches beyond the document."""
    whole = file.document["region"]
    lasting: list[_Lasting] = [*file.prices, *file.openings, *file.rules]
    for row in lasting:
        if not _within(Period(row.fact.begin, row.fact.end), file.period):
            yield row.path, _("The row holds on days when the document does not.")
    for succession in file.successions:
        if succession.fact.from_on not in file.period:
            yield succession.path, _("The row holds on days when the document does not.")
    placed: list[_Lasting | TariffSuccession] = [*lasting, *file.successions]
    for each in placed:
        if whole not in regions_around(each.fact.region_code):
            message = _("The document is for %(region)s; it sets nothing for %(other)s.")
            yield each.path, message % {"region": whole, "other": each.fact.region_code}


def _within(inner: Period, outer: Period) -> bool:
    return outer.begin <= inner.begin and (
        outer.end is None or (inner.end is not None and inner.end <= outer.end)
    )


def _overlaps(file: TariffFile) -> Iterator[Fault]:
    by_scope: defaultdict[tuple[str, Scope], list[TariffPrice]] = defaultdict(list)
    for price in file.prices:
        earlier = by_scope[price.institution_code, scope_of(price.fact)]
        for other in earlier:
            if overlap(other.fact, price.fact):
                message = _("The row of line %(line)s holds for the same on some of these days.")
                yield price.path, message % {"line": file.placed.place_of(other.path).line}
        earlier.append(price)
