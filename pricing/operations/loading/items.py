"""Items of a file: those that are new, and those that must still be what they were."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation, refuse_if_any
from pricing.models import PriceItem
from pricing.models.reading import item_facts
from pricing.operations.loading.copying import copy_rows, fresh_ids
from pricing.operations.loading.refusals import TariffRefused
from pricing.rules.facts import DEMONSTRATION, ItemFact
from pricing.rules.kinds import ItemKind, Service
from pricing.rules.lookup import NATION
from pricing.rules.publishing import item_violations
from pricing.rules.search import search_key
from pricing.rules.tariff_file import TariffFile
from pricing.rules.yaml_text import Path

Written = Mapping[str, str]


@dataclass
class KnownItems:
    """Items of a file and those that it names, by code."""

    facts: dict[str, ItemFact] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    new: frozenset[str] = frozenset()
    """Codes of those that the file brought; nothing else can rest on them yet."""


def load_items(file: TariffFile) -> KnownItems:
    """Record the items that are not known yet; the names of the others stay as they are.

    Raises:
        TariffRefused: an item differs from the known one in what decides money, or names one that is not known.
    """
    known = _known(_codes(file))
    declared = {written["code"]: _fact(written, file) for written in file.items}
    new = [written for written in file.items if written["code"] not in known.facts]
    said_now = _services_said_now(declared, known)
    everything = {**declared, **known.facts, **said_now}
    refuse_if_any(_faults(file, declared, known, everything), TariffRefused)
    _insert(new, known, everything)
    for code, fact in said_now.items():
        PriceItem.objects.filter(code=code, service="").update(service=fact.service)
    return KnownItems(everything, known.ids, frozenset(written["code"] for written in new))


def _codes(file: TariffFile) -> set[str]:
    """Every code that the file names."""
    codes = {code for _path, code in _named(file) if code}
    for item in file.items:
        codes |= {item[name] for name in ("code", "main", "priced_as") if name in item}
    return codes


def _known(codes: set[str]) -> KnownItems:
    """The items, their main items and those they are charged like."""
    found = KnownItems()
    wanted = codes
    while wanted:
        for pk, fact in item_facts(PriceItem.objects.filter(code__in=wanted)).items():
            found.facts[fact.code] = fact
            found.ids[fact.code] = pk
        named = {name for fact in found.facts.values() for name in (fact.main_code, fact.priced_as) if name}
        wanted = named - found.facts.keys()
    return found


def _fact(written: Written, file: TariffFile) -> ItemFact:
    national = is_national(written["code"])
    return ItemFact(
        code=written["code"],
        name=written["name"],
        name_en=written["name_en"],
        unit=written["unit"],
        unit_en=written["unit_en"],
        specification=written.get("specification", ""),
        specification_en=written.get("specification_en", ""),
        quantity_decimals=int(written.get("quantity_decimals", "0")),
        insurance_code=written.get("insurance_code", ""),
        charge_type=written.get("charge_type", "14"),
        priced_as=written.get("priced_as"),
        region_code=written.get("region", NATION if national else file.document["region"]),
        is_demonstration=file.document["evidence"] == DEMONSTRATION and not national,
        kind=ItemKind(written.get("kind", "main")),
        main_code=written.get("main"),
        service=Service(written["service"]) if "service" in written else None,
        category=written["category"],
    )


def is_national(code: str) -> bool:
    """Whether the code is one of the national list, 15 digits: a real item even where its price is invented."""
    return len(code) == 15 and code.isdigit()


def _services_said_now(declared: Mapping[str, ItemFact], known: KnownItems) -> dict[str, ItemFact]:
    """Known items of which nobody has said before to which service they belong."""
    return {
        code: replace(known.facts[code], service=fact.service)
        for code, fact in declared.items()
        if code in known.facts and fact.service is not None and known.facts[code].service is None
    }


def _faults(
    file: TariffFile,
    declared: Mapping[str, ItemFact],
    known: KnownItems,
    everything: Mapping[str, ItemFact],
) -> Iterator[Violation]:
    for index, (code, fact) in enumerate(declared.items()):
        path = ("items", index)
        if code in known.facts and not _same(fact, everything[code]):
            message = _("The item %(code)s is already known with another unit or another rule.")
            yield file.fault(path, message % {"code": code})
        basis = everything.get(fact.priced_as) if fact.priced_as else None
        if fact.priced_as and (basis is None or basis.priced_as):
            message = _("The item %(code)s is charged like an item that has no price of its own.")
            yield file.fault(path, message % {"code": code})
        else:
            for violation in item_violations(everything[code], everything):
                yield file.fault(path, violation.message)
    yield from _unknown_codes(file, everything)


def _same(declared: ItemFact, known: ItemFact) -> bool:
    """Whether what decides money is the same; names may have been corrected since, and a service be left out."""
    return (declared.unit, declared.priced_as, declared.kind, declared.main_code) == (
        known.unit,
        known.priced_as,
        known.kind,
        known.main_code,
    ) and declared.service in {None, known.service}


def _unknown_codes(file: TariffFile, everything: Mapping[str, ItemFact]) -> Iterator[Violation]:
    for path, code in _named(file):
        if code and code not in everything:
            message = _("There is no price item with the code %(code)s.") % {"code": code}
            yield file.fault(path, message)


def _named(file: TariffFile) -> Iterator[tuple[Path, str | None]]:
    """Every code that a row names, and where."""
    for price in file.prices:
        yield price.path, price.fact.item_code
        yield price.path, price.fact.base_code
    for succession in file.successions:
        yield succession.path, succession.fact.item_code
        yield succession.path, succession.fact.successor_code
    for rule in file.rules:
        for code in sorted(rule.fact.subjects | rule.fact.partners):
            yield rule.path, code


def _insert(new: Sequence[Written], known: KnownItems, facts: Mapping[str, ItemFact]) -> None:
    """First the items that stand alone, then those that name another."""
    known.ids.update(zip((written["code"] for written in new), fresh_ids(PriceItem, len(new)), strict=True))
    alone = [written for written in new if not {"main", "priced_as"} & written.keys()]
    naming = [written for written in new if {"main", "priced_as"} & written.keys()]
    for part in (alone, naming):
        copy_rows(PriceItem, (_columns(facts[written["code"]], written, known.ids) for written in part))


def _columns(fact: ItemFact, written: Written, ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": ids[fact.code],
        "code": fact.code,
        "name": fact.name,
        "name_en": fact.name_en,
        "region_code": fact.region_code,
        "category": fact.category,
        "unit": fact.unit,
        "unit_en": fact.unit_en,
        "specification": fact.specification,
        "specification_en": fact.specification_en,
        "content": written.get("content", ""),
        "content_en": written.get("content_en", ""),
        "quantity_decimals": fact.quantity_decimals,
        "kind": fact.kind,
        "main_item_id": ids[fact.main_code] if fact.main_code else None,
        "service": fact.service or "",
        "priced_as_id": ids[fact.priced_as] if fact.priced_as else None,
        "insurance_code": fact.insurance_code,
        "charge_type": fact.charge_type,
        "is_demonstration": fact.is_demonstration,
        "search_key": search_key(fact.code, fact.name, fact.name_en),
    }
