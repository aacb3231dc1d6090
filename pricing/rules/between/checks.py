"""The five kinds of rules between lines; each returns every line that breaks it."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from operator import attrgetter

from django.utils.translation import gettext as _

from kernel import presentation
from kernel.errors import Violation
from pricing.rules.between import words
from pricing.rules.between.again import possible_from
from pricing.rules.between.entries import Entries
from pricing.rules.between.loads import Load
from pricing.rules.between.meeting import meetings
from pricing.rules.between.overfull import Weigh, overfull
from pricing.rules.between.windows import spans_of
from pricing.rules.facts import ChargeRuleFact
from pricing.rules.kinds import RuleKind

_NOTHING = Decimal(0)
_UNITS: Weigh = attrgetter("quantity")
_YUAN: Weigh = attrgetter("amount")


def exclusion_violations(rule: ChargeRuleFact, entries: Entries, names: words.Names) -> Iterator[Violation]:
    """PR-40: items that exclude each other are not charged in one window.

    A rule without partners holds between any two different subjects. Two lines of this order break it once, at
    the subject; a line that meets an earlier charge breaks it at the line.

    Source: the document of the rule; national pairs are of 国家医保局 两库 (S22).
    """
    for meeting in meetings(rule, entries):
        entry, met = meeting.entry, meeting.met
        moment = possible_from(entry, rule, entries, others=meeting.others, load=meeting.load, room=_NOTHING)
        way_on = words.sentences(words.leave_out(entry, met, names), words.again(moment, rule))
        yield Violation("PR-40", words.own_words(rule), way_on, entry.reference or "", rule.source)


def frequency_violations(rule: ChargeRuleFact, entries: Entries, names: words.Names) -> Iterator[Violation]:
    """PR-41: an item is charged at most so often in one window, what was charged before included.

    Source: the document of the rule; national limits are of 国家医保局 两库 (S22).
    """
    limit = rule.limit_quantity or _NOTHING
    for code in sorted(rule.subjects & entries.asked.keys()):
        for over in overfull(rule, entries, frozenset({code}), limit, _UNITS):
            message = _("%(rule)s Charged would be %(count)s, at most %(limit)s.") % {
                "rule": words.own_words(rule), "count": words.number(over.count), "limit": words.number(limit),
            }  # fmt: skip
            way_on = words.sentences(
                words.at_most(over.left, names, over.entry), words.again(over.again, rule)
            )
            yield Violation("PR-41", message, way_on, over.entry.reference or "", rule.source)


def quota_violations(rule: ChargeRuleFact, entries: Entries, names: words.Names) -> Iterator[Violation]:
    """PR-42: items that share a quota are charged at most so often together in one window.

    Source: the document of the rule; groups with one quota are seen in S54.
    """
    limit = rule.limit_quantity or _NOTHING
    for over in overfull(rule, entries, rule.subjects, limit, _UNITS):
        message = _("%(rule)s Charged together would be %(count)s, at most %(limit)s.") % {
            "rule": words.own_words(rule), "count": words.number(over.count), "limit": words.number(limit),
        }  # fmt: skip
        way_on = words.sentences(words.at_most(over.left, names, over.entry), words.again(over.again, rule))
        yield Violation("PR-42", message, way_on, over.entry.reference or "", rule.source)


def missing_partner_violations(
    rule: ChargeRuleFact, entries: Entries, names: words.Names
) -> Iterator[Violation]:
    """PR-43: an item that needs another one is charged only together with it in one window.

    Source: the document of the rule.
    """
    beside = [*entries.asked_of(rule.partners), *entries.done_of(rule.partners)]
    load = Load((spans_of(other, rule, entries), Decimal(1)) for other in beside)
    for entry in entries.asked_of(rule.subjects):
        if load.most(spans_of(entry, rule, entries)) == 0:
            way_on = words.add_one_of(rule.partners, names)
            yield Violation("PR-43", words.own_words(rule), way_on, entry.reference or "", rule.source)


def total_violations(rule: ChargeRuleFact, entries: Entries, names: words.Names) -> Iterator[Violation]:
    """PR-44: items that share a total cost at most so much together in one window.

    Source: the document of the rule.
    """
    limit = rule.limit_amount or _NOTHING
    for over in overfull(rule, entries, rule.subjects, limit, _YUAN):
        message = _("%(rule)s Charged together would be %(amount)s, at most %(limit)s.") % {
            "rule": words.own_words(rule),
            "amount": presentation.money(over.count),
            "limit": presentation.money(limit),
        }
        way_on = words.sentences(words.at_most_yuan(over.left), words.again(over.again, rule))
        yield Violation("PR-44", message, way_on, over.entry.reference or "", rule.source)


Check = Callable[[ChargeRuleFact, Entries, words.Names], Iterator[Violation]]

CHECKS: Mapping[RuleKind, Check] = {
    RuleKind.EXCLUSION: exclusion_violations,
    RuleKind.FREQUENCY: frequency_violations,
    RuleKind.SHARED_QUOTA: quota_violations,
    RuleKind.NEEDS_ANOTHER: missing_partner_violations,
    RuleKind.DAILY_TOTAL: total_violations,
}
