"""Tariff files become rows: all of them or none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from kernel import clock
from kernel.errors import DomainError, Text, Violation, refuse_if_any
from kernel.period import Period
from pricing.models import Price, PriceItem, TariffDocument
from pricing.operations.restating import restate
from pricing.rules.facts import DEMONSTRATION
from pricing.rules.lookup import NATION
from pricing.rules.tariff_file import TariffFile, TariffPrice, fault_at
from pricing.rules.yaml_text import Place

_TOP = Place(1, 1)
_BATCH = 1000


class TariffRefused(DomainError):
    """A tariff file does not fit what is already known; nothing was changed."""

    code = "tariff_refused"
    default_message = _("The tariff file does not fit what is already known.")


class TariffDocumentChanged(TariffRefused):
    """A file says something else than was loaded under the same document number."""

    code = "tariff_document_changed"


@dataclass(frozen=True)
class LoadedTariff:
    """What became of one file."""

    number: str
    is_new: bool
    item_count: int
    """Items that were not known before."""
    price_count: int


@transaction.atomic
def load_tariffs(*, files: Sequence[TariffFile], by: User | None, at: datetime) -> list[LoadedTariff]:
    """Load tariff files, replaced documents first; a file that is already loaded changes nothing.

    Where a document replaces another, the other's prices end on its first day.

    Raises:
        TariffDocumentChanged: a file differs from what was loaded under its number.
        TariffRefused: an item or price does not fit what is known; ``violations`` names every line.
    """
    return [_load(each, by=by, at=at) for each in _replaced_first(files)]


def _replaced_first(files: Sequence[TariffFile]) -> list[TariffFile]:
    waiting = list(files)
    ordered: list[TariffFile] = []
    while waiting:
        pending = {each.number for each in waiting}
        ready = [each for each in waiting if not pending & set(each.supersedes)]
        if not ready:
            message = _("These documents replace each other in a circle.")
            raise TariffRefused(violations=[fault_at(waiting[0].name, _TOP, message)])
        ordered.extend(ready)
        waiting = [each for each in waiting if each not in ready]
    return ordered


def _load(file: TariffFile, *, by: User | None, at: datetime) -> LoadedTariff:
    known = TariffDocument.objects.select_for_update().filter(number=file.number).first()
    if known is not None:
        _refuse_if_changed(file, known)
        return LoadedTariff(file.number, is_new=False, item_count=0, price_count=0)
    document = _document(file, at)
    _end_replaced(file, document, at)
    items, new_items = _items(file)
    _refuse_overlaps(file, items)
    Price.objects.bulk_create([_price(row, document, items, at) for row in file.prices], batch_size=_BATCH)
    facts = {"number": file.number, "sha256": file.sha256, "prices": len(file.prices), "items": new_items}
    audit.record("pricing.document.loaded", on=document, by=by, at=at, facts=facts)
    return LoadedTariff(file.number, is_new=True, item_count=new_items, price_count=len(file.prices))


def _refuse_if_changed(file: TariffFile, known: TariffDocument) -> None:
    if known.content_sha256 != file.sha256:
        message = _(
            "The document %(number)s was loaded with other content. A correction is a document of its own that replaces it."
        )
        fault = fault_at(file.name, _TOP, message % {"number": file.number})
        raise TariffDocumentChanged(violations=[fault])


def _document(file: TariffFile, at: datetime) -> TariffDocument:
    written = file.document
    replaced = list(TariffDocument.objects.filter(number__in=file.supersedes))
    missing = sorted(set(file.supersedes) - {each.number for each in replaced})
    message = _("The document %(number)s that it replaces is not known.")
    refuse_if_any((fault_at(file.name, _TOP, message % {"number": each}) for each in missing), TariffRefused)
    document = TariffDocument.objects.create(
        number=file.number,
        title=written["title"],
        title_en=written["title_en"],
        issuer=written["issuer"],
        issuer_en=written["issuer_en"],
        region_code=written["region"],
        issued_on=date.fromisoformat(written["issued_on"]) if "issued_on" in written else None,
        effective=DateRange(file.period.begin, file.period.end),
        evidence=written["evidence"],
        source_key=written.get("source", ""),
        found_at=written["found_at"],
        note=written.get("note", ""),
        note_en=written.get("note_en", ""),
        content_sha256=file.sha256,
        recorded_at=at,
    )
    document.supersedes.set(replaced)
    return document


def _end_replaced(file: TariffFile, document: TariffDocument, at: datetime) -> None:
    """End the prices of replaced documents on the first day of the new one."""
    begin = file.period.begin
    not_ended = Q(effective__endswith__isnull=True) | Q(effective__endswith__gt=begin)
    going_on = Price.objects.known().filter(not_ended, document__in=document.supersedes.all())
    if not going_on.exists():
        return
    if begin <= clock.day_of(at) or going_on.filter(effective__startswith__gte=begin).exists():
        message = _("It would end prices on a day that has passed, or before they began.")
        raise TariffRefused(violations=[fault_at(file.name, _TOP, message)])
    for price in going_on.select_for_update():
        restate(price, Period(price.effective.lower, begin), at=at)


def _items(file: TariffFile) -> tuple[dict[str, PriceItem], int]:
    """Items of the file and of its prices by code, and how many are new."""
    codes = {item["code"] for item in file.items} | {price.item_code for price in file.prices}
    codes |= {item["priced_as"] for item in file.items if "priced_as" in item}
    known = {item.code: item for item in PriceItem.objects.filter(code__in=codes).select_related("priced_as")}
    refuse_if_any(_item_faults(file, known), TariffRefused)
    new = [_item(written, file) for written in file.items if written["code"] not in known]
    known |= {item.code: item for item in PriceItem.objects.bulk_create(new, batch_size=_BATCH)}
    alike = [item for item in file.items if "priced_as" in item]
    for written in alike:
        known[written["code"]].priced_as = known[written["priced_as"]]
    PriceItem.objects.bulk_update([known[written["code"]] for written in alike], ["priced_as"])
    return known, len(new)


def _item(written: dict[str, str], file: TariffFile) -> PriceItem:
    item = PriceItem(
        code=written["code"],
        name=written["name"],
        name_en=written["name_en"],
        region_code=written.get(
            "region", NATION if _is_national(written["code"]) else file.document["region"]
        ),
        category=written["category"],
        unit=written["unit"],
        unit_en=written["unit_en"],
        specification=written.get("specification", ""),
        specification_en=written.get("specification_en", ""),
        content=written.get("content", ""),
        content_en=written.get("content_en", ""),
        quantity_decimals=int(written.get("quantity_decimals", "0")),
        insurance_code=written.get("insurance_code", ""),
        charge_type=written.get("charge_type", "14"),
        is_demonstration=file.document["evidence"] == DEMONSTRATION and not _is_national(written["code"]),
    )
    item.renew_search_key()
    return item


def _is_national(code: str) -> bool:
    """Whether the code is one of the national list, 15 digits: a real item even where its price is invented."""
    return len(code) == 15 and code.isdigit()


def _item_faults(file: TariffFile, known: dict[str, PriceItem]) -> Iterable[Violation]:
    declared = {item["code"]: item for item in file.items}
    for code, written in declared.items():
        basis = written.get("priced_as")
        if basis is not None and (
            declared.get(basis, {}).get("priced_as") or basis not in {*declared, *known}
        ):
            message = _("The item %(code)s is charged like an item that has no price of its own.")
            yield fault_at(file.name, _TOP, message % {"code": code})
        if code in known and not _same(written, known[code]):
            message = _("The item %(code)s is already known with another unit or another rule.")
            yield fault_at(file.name, _TOP, message % {"code": code})
    for price in file.prices:
        if price.item_code not in {*declared, *known}:
            unknown = _("There is no price item with the code %(code)s.") % {"code": price.item_code}
            yield fault_at(file.name, price.place, unknown)
        elif price.item_code in known and known[price.item_code].priced_as_id is not None:
            alike = _("An item that is charged like another has no price of its own.")
            yield fault_at(file.name, price.place, alike)


def _same(written: dict[str, str], known: PriceItem) -> bool:
    """Whether what decides money is the same; names may have been corrected since."""
    priced_as = known.priced_as.code if known.priced_as else None
    return (written["unit"], written.get("priced_as")) == (known.unit, priced_as)


def _refuse_overlaps(file: TariffFile, items: dict[str, PriceItem]) -> None:
    scopes: dict[tuple[str, str, int | None, str], list[Price]] = {}
    wanted = {items[row.item_code].pk for row in file.prices}
    for price in (
        Price.objects.known()
        .filter(item__in=wanted, institution__isnull=True)
        .select_related("item", "document")
    ):
        scope = (price.item.code, price.region_code, price.institution_level, price.title)
        scopes.setdefault(scope, []).append(price)
    refuse_if_any(
        (
            fault_at(file.name, row.place, _overlap_message(price))
            for row in file.prices
            for price in scopes.get(row.scope, ())
            if row.period.overlaps(Period(price.effective.lower, price.effective.upper))
        ),
        TariffRefused,
    )


def _overlap_message(price: Price) -> Text:
    shown = {"number": price.document.number, "day": price.effective.lower.isoformat()}
    return _("The document %(number)s already sets a price from %(day)s for the same scope.") % shown


def _price(row: TariffPrice, document: TariffDocument, items: dict[str, PriceItem], at: datetime) -> Price:
    return Price(
        item=items[row.item_code],
        document=document,
        region_code=row.region_code,
        institution_level=row.institution_level,
        title=row.title,
        amount=row.amount,
        insurance_class=row.insurance_class,
        self_pay_rate=row.self_pay_rate,
        effective=DateRange(row.period.begin, row.period.end),
        recorded_at=at,
    )
