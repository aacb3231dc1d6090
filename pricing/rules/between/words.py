"""What a person reads when a rule between lines is broken: the rule's own words, the count, and the way on."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from decimal import Decimal

from django.utils.translation import gettext as _

from kernel import presentation
from pricing.rules.between.entries import Entry
from pricing.rules.facts import ChargeRuleFact, ItemFact
from pricing.rules.kinds import Window

Names = Mapping[str, ItemFact]
"""Items by code, for their names; a code that is not in it stands for itself."""

_MIDNIGHT = time(0)
_NAMED = 3


def own_words(rule: ChargeRuleFact) -> str:
    """The rule as its document says it, in the language of the page."""
    return rule.text if presentation.is_chinese() else rule.text_en or rule.text


def number(quantity: Decimal) -> str:
    """2, not 2.0000."""
    return f"{quantity.normalize():f}"


def name_of(code: str, names: Names) -> str:
    """Name of an item in the language of the page."""
    item = names.get(code)
    if item is None:
        return code
    return item.name if presentation.is_chinese() else item.name_en or item.name


def leave_out(entry: Entry, met: Iterable[Entry], names: Names) -> str:
    """Which of the two to leave out; what is charged already can only be waited for."""
    own = name_of(entry.code, names)
    asked = sorted({other.code for other in met if other.reference is not None})
    if asked:
        others = _listed(asked, names)
        return _("Leave out %(own)s, or else %(others)s.") % {"own": own, "others": others}
    last = max(met, key=lambda other: (other.day, other.code))
    shown = {"own": own, "other": name_of(last.code, names), "day": last.day.isoformat()}
    return _("Leave out %(own)s: %(other)s was charged on %(day)s.") % shown


def at_most(left: Decimal, names: Names, entry: Entry) -> str:
    """How many units can still be charged."""
    own = name_of(entry.code, names)
    if left <= 0:
        return _("Leave out %(own)s.") % {"own": own}
    return _("Give at most %(left)s of %(own)s.") % {"left": number(left), "own": own}


def at_most_yuan(left: Decimal) -> str:
    """How much can still be charged."""
    return _("At most %(left)s more can be charged.") % {"left": presentation.money(max(left, Decimal(0)))}


def add_one_of(codes: Iterable[str], names: Names) -> str:
    """What is missing."""
    return _("It is charged only together with one of these: %(others)s.") % {
        "others": _listed(sorted(codes), names)
    }


def again(moment: datetime | None, rule: ChargeRuleFact) -> str:
    """From when on it is possible; empty where nothing can be said."""
    if rule.window is Window.VISIT:
        return _("It is possible in another visit.")
    if rule.window is Window.COURSE:
        return _("It is possible in another course of treatment.")
    if moment is None:
        return ""
    day = moment.date().isoformat()
    when = day if moment.time() == _MIDNIGHT else f"{day} {_up_to_the_minute(moment)}"
    return _("It is possible again from %(when)s.") % {"when": when}


def sentences(*parts: str) -> str:
    """One after the other; Chinese ones without a space."""
    return ("" if presentation.is_chinese() else " ").join(part for part in parts if part)


def _up_to_the_minute(moment: datetime) -> str:
    """Never earlier than the moment: 10:00:30 is 10:01."""
    return f"{moment:%H:%M:%S}" if moment.second or moment.microsecond else f"{moment:%H:%M}"


def _listed(codes: list[str], names: Names) -> str:
    """The first few, and that there are more."""
    comma = "、" if presentation.is_chinese() else ", "
    shown = comma.join(name_of(code, names) for code in codes[:_NAMED])
    return _("%(items)s and others") % {"items": shown} if len(codes) > _NAMED else shown
