"""What an item is to others, and what its price may therefore say."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from pricing.rules.facts import ItemFact, PriceFact
from pricing.rules.kinds import AmountKind, ItemKind
from pricing.rules.publishing.revisits import basis_violations

_GUIDES = "立项指南 as loaded by provinces (S12, S14, S15)"
_OURS = "our rule: what cannot be traced to a document is not charged"
_NO_AMOUNT = {AmountKind.RANGE, AmountKind.CEILING, AmountKind.SELF_SET}


def item_violations(item: ItemFact, items: Mapping[str, ItemFact]) -> Iterator[Violation]:
    """PR-83: a surcharge, extension or reduction names its main item, which is one; a main item names none.

    ``items`` has the items that it names, by code. Online re-diagnosis is judged by PR-80.

    Source: 立项指南 as loaded by provinces (S12, S14, S15).
    """
    main = items.get(item.main_code) if item.main_code else None
    if item.kind is ItemKind.MAIN and item.main_code:
        message = _("The main item %(code)s names a main item.")
        yield Violation("PR-83", message % {"code": item.code}, source=_GUIDES)
    elif item.kind is not ItemKind.MAIN and (main is None or main.kind is not ItemKind.MAIN):
        message = _("%(code)s is a surcharge, extension or reduction and names no main item that is known.")
        yield Violation("PR-83", message % {"code": item.code}, source=_GUIDES)
    yield from basis_violations(item, items)


def row_violations(row: PriceFact, items: Mapping[str, ItemFact]) -> Iterator[Violation]:
    """Everything that the item forbids its price to say."""
    item = items[row.item_code]
    if item.priced_as is not None:
        message = _("An item that is charged like another has no price of its own.")
        yield Violation("PR-15", message, source="医保发〔2020〕45号, as reported in S5")
    if item.kind is ItemKind.EXTENSION:
        message = _("An extension is charged at its main item's price and has none of its own.")
        yield Violation("PR-83", message, source=_GUIDES)
    yield from _base_violations(row, item, items)
    yield from _own_violations(row)


def _base_violations(row: PriceFact, item: ItemFact, items: Mapping[str, ItemFact]) -> Iterator[Violation]:
    """PR-84: a rate is of something: of a base that is known, or of the main item.

    Source: our rule: what cannot be traced to a document is not charged.
    """
    if row.rate is None and row.maximum_rate is None:
        return
    if row.base_code is None and item.kind is ItemKind.MAIN:
        message = _("The rate of a main item names the item it is a rate of.")
        yield Violation("PR-84", message, source=_OURS)
    elif row.base_code is not None and (row.base_code == row.item_code or row.base_code not in items):
        message = _("The rate is of the item %(code)s, which is not known, or is the item itself.")
        yield Violation("PR-84", message % {"code": row.base_code}, source=_OURS)


def _own_violations(row: PriceFact) -> Iterator[Violation]:
    """PR-85: what an institution publishes of its own is an amount, not a limit.

    Source: 价格法 (posted prices); notice of a self-set fee (S23).
    """
    if row.institution_id is not None and row.kind in _NO_AMOUNT:
        message = _("An institution's own price is an amount, not a range or a ceiling.")
        yield Violation("PR-85", message, source="价格法 (posted prices); S23")
