"""Which items a price touches: its own, and those whose price rests on it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from pricing.models import ItemSuccession, PolicyOpening, Price, PriceItem
from pricing.rules.codes import ORDINARY_OUTPATIENT
from pricing.rules.facts import PriceFact
from pricing.rules.kinds import Service


@dataclass(frozen=True, slots=True)
class Touched:
    """An item that a price may change, and what its price depends on."""

    code: str
    by_title: bool = False
    by_age: bool = False
    by_department: bool = False
    is_capped: bool = False
    """What it costs depends on what was charged before."""


@dataclass(frozen=True)
class Reach:
    """Everything that has to be known to price the touched items."""

    touched: tuple[Touched, ...]
    """Ordered by code."""
    rests_on: dict[str, frozenset[str]]
    """Code of a touched item -> codes of all items its price may rest on, itself included."""
    turning_days: tuple[date, ...]
    """Days on which one of these prices, or the policy on an item, begins or ends; ordered."""


def items_resting_on(item_ids: Iterable[int]) -> set[int]:
    """The items and all that are charged at their price, hang on them, or cost a rate of them."""
    found, frontier = set(item_ids), set(item_ids)
    while frontier:
        below = PriceItem.objects.filter(Q(priced_as__in=frontier) | Q(main_item__in=frontier))
        more = set(below.values_list("pk", flat=True))
        more |= set(Price.objects.known().filter(base_item__in=frontier).values_list("item_id", flat=True))
        if PriceItem.objects.filter(pk__in=frontier, code=ORDINARY_OUTPATIENT).exists():
            revisits = PriceItem.objects.filter(service=Service.ONLINE_REVISIT.value)
            more |= set(revisits.values_list("pk", flat=True))
        frontier = more - found
        found |= more
    return found


def reach_of(item_ids: Iterable[int], proposed: Iterable[PriceFact] = ()) -> Reach:
    """What the items' prices touch; ``proposed`` prices count as if they were known."""
    ids = items_resting_on(item_ids)
    codes = set(PriceItem.objects.filter(pk__in=ids).values_list("code", flat=True))
    known = _known(codes, proposed)
    whole = {code: frozenset(_whole(code, known.bases)) for code in codes}
    touched = tuple(known.touched(code, whole[code]) for code in sorted(codes))
    return Reach(touched, whole, _turning_days(known.codes))


@dataclass(frozen=True)
class _Known:
    """What the rows of prices say of each item."""

    codes: frozenset[str]
    bases: dict[str, set[str]]
    titled: set[str]
    aged: set[str]
    departed: set[str]
    capped: set[str]

    def touched(self, code: str, whole: frozenset[str]) -> Touched:
        """What the item, or one that it rests on, depends on."""
        return Touched(
            code,
            by_title=not whole.isdisjoint(self.titled),
            by_age=not whole.isdisjoint(self.aged),
            by_department=not whole.isdisjoint(self.departed),
            is_capped=not whole.isdisjoint(self.capped),
        )


def _known(codes: set[str], proposed: Iterable[PriceFact]) -> _Known:
    bases = _bases(codes, proposed)
    every = frozenset(bases) | frozenset(code for found in bases.values() for code in found)
    rows = Price.objects.known().filter(item__code__in=every)
    said = list(proposed)

    def codes_where(condition: Q, also: Iterable[PriceFact]) -> set[str]:
        return {
            *rows.filter(condition).values_list("item__code", flat=True),
            *(row.item_code for row in also),
        }

    return _Known(
        every,
        bases,
        titled=codes_where(~Q(title=""), (row for row in said if row.title)),
        aged=codes_where(
            Q(age_from__isnull=False) | Q(age_to__isnull=False),
            (row for row in said if row.age_from is not None or row.age_to is not None),
        ),
        departed=codes_where(~Q(department=""), (row for row in said if row.department)),
        capped=codes_where(
            Q(cap_amount__isnull=False) | Q(period_cap_amount__isnull=False),
            (row for row in said if row.cap_amount is not None or row.period_cap_amount is not None),
        ),
    )


def _bases(codes: set[str], proposed: Iterable[PriceFact]) -> dict[str, set[str]]:
    """Code -> codes of the items its price may directly rest on; for the items and all they rest on."""
    bases: dict[str, set[str]] = defaultdict(set)
    for price in proposed:
        if price.base_code:
            bases[price.item_code].add(price.base_code)
    frontier = set(codes)
    seen: set[str] = set()
    while frontier:
        items = PriceItem.objects.filter(code__in=frontier).values_list(
            "code", "priced_as__code", "main_item__code", "service"
        )
        for code, priced_as, main, service in items:
            revisit = ORDINARY_OUTPATIENT if service == Service.ONLINE_REVISIT.value else None
            bases[code] |= {base for base in (priced_as, main, revisit) if base}
        rates = Price.objects.known().filter(item__code__in=frontier, base_item__isnull=False)
        for code, base in rates.values_list("item__code", "base_item__code").distinct():
            bases[code].add(base)
        seen |= frontier
        frontier = {base for code in frontier for base in bases[code]} - seen
    return dict(bases)


def _whole(code: str, bases: dict[str, set[str]]) -> set[str]:
    found, frontier = {code}, {code}
    while frontier:
        frontier = {base for each in frontier for base in bases.get(each, ())} - found
        found |= frontier
    return found


def _turning_days(codes: frozenset[str]) -> tuple[date, ...]:
    periods = list(
        Price.objects.known().filter(item__code__in=codes).values_list("effective", flat=True).distinct()
    )
    periods += list(PolicyOpening.objects.values_list("effective", flat=True).distinct())
    ends = {day for period in periods for day in (period.lower, period.upper) if day is not None}
    ends |= set(
        ItemSuccession.objects.filter(item__code__in=codes).values_list("from_on", flat=True).distinct()
    )
    return tuple(sorted(ends))
