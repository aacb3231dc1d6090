"""All rules that apply to an order, evaluated together."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from kernel.errors import Violation, refuse_if_any
from pricing.rules.between.checks import CHECKS
from pricing.rules.between.entries import Entries
from pricing.rules.errors import ChargeRulesBroken
from pricing.rules.facts import (
    DEMONSTRATION,
    ChargedLine,
    ChargeRuleFact,
    ChargeRules,
    ItemFact,
    QuoteContext,
    ServiceLine,
    TariffFacts,
)
from pricing.rules.lookup import regions_around


def check_between(
    lines: Sequence[ServiceLine],
    context: QuoteContext,
    facts: TariffFacts,
    amounts: Mapping[str, Decimal],
) -> None:
    """Refuse the order when it breaks a rule between lines; ``amounts`` is yuan by reference.

    Raises:
        ChargeRulesBroken: ``violations`` names every broken rule at every line that breaks it.
    """
    if facts.rules:
        found = charge_rule_violations(lines, context, facts.rules, facts.charged, amounts, items=facts.items)
        refuse_if_any(found, ChargeRulesBroken)


def charge_rule_violations(
    lines: Sequence[ServiceLine],
    context: QuoteContext,
    rules: Sequence[ChargeRuleFact],
    charged: Sequence[ChargedLine],
    amounts: Mapping[str, Decimal],
    *,
    items: Mapping[str, ItemFact] | None = None,
) -> list[Violation]:
    """Every broken rule at every line that breaks it, in the order of the lines, then of the rules' codes.

    A rule applies that is in force on the day of the service, in the institution's region or one around it, and
    real or invented like the institution: a demonstration institution is bound by rules of grade D only, every
    other by none of those. That holds for national rules on real items too: the demonstration never claims that a
    real document refuses an invented visit, exactly as it never claims that one prices it; what should be tried
    there is written down as a rule of grade D.

    ``charged`` is what stands charged to this patient, in any order; a line of no positive quantity is money only.
    ``amounts`` is yuan by reference of the line. ``items`` gives names.
    """
    near = _concerning(lines, charged, rules if isinstance(rules, ChargeRules) else ChargeRules(rules))
    binding = _binding(near, context) if near else []
    if not binding:
        return []
    about = frozenset[str]().union(*(rule.subjects | rule.partners for rule in binding))
    entries = Entries(lines, context, charged, amounts, about=about)
    position = {line.reference: number for number, line in enumerate(lines)}
    binding.sort(key=lambda rule: rule.code)
    found = [each for rule in binding for each in CHECKS[rule.kind](rule, entries, items or {})]
    return sorted(found, key=lambda violation: position[violation.field])


def _concerning(
    lines: Sequence[ServiceLine], charged: Sequence[ChargedLine], rules: ChargeRules
) -> list[ChargeRuleFact]:
    """Rules that bind an item of the order; of exclusions only those whose other side is there as well."""
    if not rules:
        return []
    asked = {line.item_code for line in lines}
    before = {line.item_code for line in charged}
    found = {rule.code: rule for code in asked for rule in rules.by_subject.get(code, ())}
    found |= {rule.code: rule for rule in _paired(rules.exclusions, asked, asked | before)}
    found |= {rule.code: rule for rule in _paired(rules.excluded, asked, before)}
    return list(found.values())


def _paired(
    pairs: Mapping[str, Mapping[str, tuple[ChargeRuleFact, ...]]], asked: set[str], there: set[str]
) -> Iterator[ChargeRuleFact]:
    for code in asked & pairs.keys():
        for other in pairs[code].keys() & there:
            yield from pairs[code][other]


def _binding(rules: Sequence[ChargeRuleFact], context: QuoteContext) -> list[ChargeRuleFact]:
    around = regions_around(context.region_code)
    return [
        rule
        for rule in rules
        if (rule.evidence_grade == DEMONSTRATION) == context.is_demonstration
        and rule.begin <= context.service_on
        and (rule.end is None or context.service_on < rule.end)
        and rule.region_code in around
    ]
