"""Lines that were charged, priced once more; a line that cannot be priced does not keep the others back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing.rules import PricingRefused, QuoteContext, QuotedLine, ServiceLine, TariffFacts, quote
from pricing.rules.facts import ChargeRules
from pricing.rules.kinds import ItemKind

_HANGING = (ItemKind.SURCHARGE, ItemKind.REDUCTION)
_MAIN = "main of "


@dataclass(frozen=True, slots=True)
class Requoted:
    """Each line by its reference: priced, or refused with the code of the refusal."""

    priced: dict[str, QuotedLine]
    refused: dict[str, PricingRefused]


def requote(lines: Sequence[ServiceLine], context: QuoteContext, facts: TariffFacts) -> Requoted:
    """Price what was charged by the facts given; rules between lines are not asked again.

    Whether the lines might be charged together was decided when they were charged; only what they cost is looked
    at here.
    """
    known = replace(facts, rules=ChargeRules())
    left = list(lines)
    refused: dict[str, PricingRefused] = {}
    while left:
        try:
            made = quote(left, context, known)
        except PricingRefused as refusal:
            # The class of a refusal is that of its first violation: take one line at a time, each with its own.
            first = next((violation.field for violation in refusal.violations), "")
            wrong = {line.reference for line in left if line.reference == first} or {
                line.reference for line in left
            }
            refused |= dict.fromkeys(wrong, refusal)
            left = [line for line in left if line.reference not in wrong]
        else:
            return Requoted({line.reference: line for line in made.lines}, refused)
    return Requoted({}, refused)


def with_mains(lines: Sequence[ServiceLine], facts: TariffFacts) -> list[ServiceLine]:
    """The lines, each surcharge and reduction with its main line.

    A charge of earlier days may not say on which line it hangs: then a line of its main item among the others is
    taken, else one of as many units is added, whose price is only the base.
    """
    known = {line.reference for line in lines}
    made: list[ServiceLine] = []
    for line in lines:
        item = facts.items.get(line.item_code)
        hangs = item is not None and item.kind in _HANGING and item.main_code is not None
        if not hangs or line.main_reference in known or item is None:
            made.append(line)
            continue
        main = next((other for other in lines if other.item_code == item.main_code), None)
        if main is None:
            main = replace(line, reference=f"{_MAIN}{line.reference}", item_code=item.main_code or "")
            made.append(replace(main, main_reference=None))
        made.append(replace(line, main_reference=main.reference))
    return made


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a charge would cost under proposed prices; ``amount`` None where they do not touch it."""

    amount: Decimal | None
    """Yuan of the line."""
    refusal: str = ""
    """Code of the refusal, where the proposed prices leave the line without a price."""


def outcome_of(
    line: ServiceLine, context: QuoteContext, *, now: TariffFacts, proposed: TariffFacts
) -> Outcome:
    """Price one line with the proposed prices in force, and see whether that differs from the prices as they are.

    What is refused either way is refused: nobody can tell what it would cost.
    """
    then = requote(with_mains([line], proposed), context, proposed)
    found = then.priced.get(line.reference)
    if found is not None and found.price_id < 0:
        return Outcome(found.amount)
    before = requote(with_mains([line], now), context, now).priced.get(line.reference)
    if found is None:
        return Outcome(None, then.refused[line.reference].code)
    is_same = before is not None and before.amount == found.amount
    return Outcome(None if is_same else found.amount)
