"""Tariff files become rows: all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from pricing.models import TariffDocument
from pricing.operations.loading.documents import end_replaced, keep_content, record_loaded, refuse_if_changed
from pricing.operations.loading.items import load_items
from pricing.operations.loading.policy import load_policy
from pricing.operations.loading.prices import load_prices
from pricing.operations.loading.refusals import TariffDocumentChanged, TariffRefused
from pricing.rules.tariff_file import TariffFile

__all__ = ["LoadedTariff", "TariffDocumentChanged", "TariffRefused", "load_tariffs"]


@dataclass(frozen=True)
class LoadedTariff:
    """What became of one file."""

    number: str
    is_new: bool
    item_count: int
    """Items that were not known before."""
    price_count: int
    policy_count: int = 0
    """Openings, successions and rules."""


@transaction.atomic
def load_tariffs(*, files: Sequence[TariffFile], by: User | None, at: datetime) -> list[LoadedTariff]:
    """Load tariff files, replaced documents first; a file that is already loaded changes nothing.

    Where a document replaces another, the other's prices, openings and rules end on its first day.

    Raises:
        TariffDocumentChanged: a file differs from what was loaded under its number.
        TariffRefused: an item or price does not fit what is known; ``violations`` names every line.
    """
    fresh: set[int] = set()
    return [_load(each, fresh, by=by, at=at) for each in _replaced_first(files)]


def _replaced_first(files: Sequence[TariffFile]) -> list[TariffFile]:
    """In the order given, except that what is replaced comes before what replaces it."""
    waiting = list(files)
    ordered: list[TariffFile] = []
    while waiting:
        pending = {each.number for each in waiting}
        ready = next((each for each in waiting if not pending & set(each.supersedes)), None)
        if ready is None:
            message = _("These documents replace each other in a circle.")
            raise TariffRefused(violations=[waiting[0].fault(("document", "supersedes"), message)])
        ordered.append(ready)
        waiting.remove(ready)
    return ordered


def _load(file: TariffFile, fresh: set[int], *, by: User | None, at: datetime) -> LoadedTariff:
    known = TariffDocument.objects.select_for_update().filter(number=file.number).first()
    if known is not None:
        refuse_if_changed(file, known)
        keep_content(file, known)
        return LoadedTariff(file.number, is_new=False, item_count=0, price_count=0)
    document = record_loaded(file, at)
    end_replaced(file, document, at, fresh=fresh)
    fresh.add(document.pk)
    items = load_items(file)
    load_prices(file, document, items, at)
    policies = load_policy(file, document, items, at)
    facts = {
        "number": file.number,
        "sha256": file.sha256,
        "prices": len(file.prices),
        "items": len(items.new),
    }
    audit.record("pricing.document.loaded", on=document, by=by, at=at, facts={**facts, "policy": policies})
    return LoadedTariff(
        file.number,
        is_new=True,
        item_count=len(items.new),
        price_count=len(file.prices),
        policy_count=policies,
    )
