"""Online re-diagnosis costs what the ordinary outpatient visit costs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from pricing.rules.codes import ORDINARY_OUTPATIENT
from pricing.rules.facts import DEMONSTRATION, ItemFact, PriceFact, QuoteContext
from pricing.rules.kinds import ItemKind, Service
from pricing.rules.lookup import holds, most_specific
from pricing.rules.publishing.days import days_of_change
from pricing.rules.publishing.shown import amount_shown
from pricing.rules.scope import context_within

_ONLINE = "医保发〔2020〕45号, as reported in S5; reply of 2023-12-15 (SEED1)"


def is_ordinary(item: ItemFact) -> bool:
    """Whether it is the ordinary outpatient visit, by the national code or reported under it."""
    reported = item.insurance_code == ORDINARY_OUTPATIENT and item.kind is ItemKind.MAIN
    return item.code == ORDINARY_OUTPATIENT or (reported and item.service is None and item.priced_as is None)


def is_revisit(item: ItemFact) -> bool:
    """Whether it is an online re-diagnosis with a price of its own."""
    return item.service is Service.ONLINE_REVISIT and item.priced_as is None


def basis_violations(item: ItemFact, items: Mapping[str, ItemFact]) -> Iterator[Violation]:
    """PR-80: an online re-diagnosis is charged like the ordinary outpatient visit and like nothing else.

    Source: 医保发〔2020〕45号, as reported in S5; reply of 2023-12-15 (SEED1).
    """
    if item.service is Service.ONLINE_REVISIT and item.priced_as is not None:
        basis = items.get(item.priced_as)
        if basis is None or not is_ordinary(basis):
            shown = {"code": item.code, "basis": item.priced_as}
            message = _(
                "%(code)s is an online re-diagnosis, and %(basis)s is not the ordinary outpatient visit."
            )
            yield Violation("PR-80", message % shown, source=_ONLINE)


def revisit_violations(
    rows: Sequence[PriceFact],
    items: Mapping[str, ItemFact],
    others: Sequence[PriceFact],
    institutions: Mapping[int, QuoteContext],
) -> Iterator[Violation]:
    """PR-80: wherever both have a price, online re-diagnosis and the ordinary outpatient visit cost the same.

    It does not differ by title either. Where no ordinary price is known, nothing can be compared.

    Source: 医保发〔2020〕45号, as reported in S5; reply of 2023-12-15 (SEED1).
    """
    positions = {id(row): position for position, row in enumerate(rows)}
    known = [row for row in (*rows, *others) if row.item_code in items]
    online = [row for row in known if is_revisit(items[row.item_code])]
    ordinary = [row for row in known if is_ordinary(items[row.item_code])]
    for row in online:
        if row.title is not None and id(row) in positions:
            message = _("The price of an online re-diagnosis does not differ by title.")
            yield Violation("PR-80", message, field=str(positions[id(row)]), source=_ONLINE)
    yield from _unequal(online, ordinary, positions, institutions)


def _unequal(
    online: Sequence[PriceFact],
    ordinary: Sequence[PriceFact],
    positions: Mapping[int, int],
    institutions: Mapping[int, QuoteContext],
) -> Iterator[Violation]:
    told: set[tuple[int, int]] = set()
    for there in _services(online, ordinary, institutions):
        usual = _charged(ordinary, there)
        for code in {row.item_code for row in online} if usual else ():
            row = _charged([each for each in online if each.item_code == code], there)
            if row is None or usual is None or _same_amount(row, usual) or (id(row), id(usual)) in told:
                continue
            told.add((id(row), id(usual)))
            position = _position_of(row, usual, positions)
            if position is not None:
                yield _violation(row, usual, position, there.service_on)


def _position_of(online: PriceFact, ordinary: PriceFact, positions: Mapping[int, int]) -> int | None:
    """Where the fault is told; None for old ones, and where a regulator's row meets an institution's own.

    A regulator is not held up by what an institution published; that price is refused when it is quoted.
    """
    new = [row for row in (online, ordinary) if id(row) in positions]
    if not new or (len(new) == 1 and new[0].institution_id is None and _is_own_of_either(online, ordinary)):
        return None
    return positions[id(new[0])]


def _is_own_of_either(online: PriceFact, ordinary: PriceFact) -> bool:
    return online.institution_id is not None or ordinary.institution_id is not None


def _services(
    online: Sequence[PriceFact], ordinary: Sequence[PriceFact], institutions: Mapping[int, QuoteContext]
) -> Iterator[QuoteContext]:
    """A service in each scope that a row names, on each day on which another row may come to hold."""
    if online and ordinary:
        days = days_of_change(online, ordinary)
        for scope in _scopes((*online, *ordinary), institutions):
            for day in days:
                yield replace(scope, service_on=day)


def _scopes(
    prices: Sequence[PriceFact], institutions: Mapping[int, QuoteContext]
) -> dict[QuoteContext, None]:
    """Each scope once, in order; the day of them means nothing."""
    found: dict[QuoteContext, None] = {}
    for price in prices:
        named = institutions.get(price.institution_id) if price.institution_id else None
        scope = replace(
            named or context_within(price), service_on=date.min, is_demonstration=_is_invented(price)
        )
        found.setdefault(scope)
    return found


def _is_invented(price: PriceFact) -> bool:
    return price.evidence_grade == DEMONSTRATION


def _charged(prices: Sequence[PriceFact], there: QuoteContext) -> PriceFact | None:
    """The row that would be charged: the institution's own before the regulator's."""
    holding = [price for price in prices if holds(price, there, None)]
    own = [price for price in holding if price.institution_id is not None]
    best = most_specific(own or holding, there)
    return best[0] if best else None


def _same_amount(one: PriceFact, other: PriceFact) -> bool:
    return (one.kind, one.amount, one.minimum, one.maximum, one.rate, one.bands) == (
        other.kind,
        other.amount,
        other.minimum,
        other.maximum,
        other.rate,
        other.bands,
    )


def _violation(online: PriceFact, ordinary: PriceFact, position: int, day: date) -> Violation:
    shown = {
        "online": online.item_code,
        "online_amount": amount_shown(online),
        "ordinary": ordinary.item_code,
        "ordinary_amount": amount_shown(ordinary),
        "day": day.isoformat(),
    }
    message = _(
        "From %(day)s the online re-diagnosis %(online)s would cost %(online_amount)s, but the ordinary outpatient "
        "visit %(ordinary)s costs %(ordinary_amount)s there."
    )
    way_on = _("Set both to the same amount, or let the online item be charged like the ordinary one.")
    return Violation("PR-80", message % shown, way_on, field=str(position), source=_ONLINE)
