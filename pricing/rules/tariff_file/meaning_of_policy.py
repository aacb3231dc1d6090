"""Whether openings, successions and rules make sense, as far as the file alone can say."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text
from kernel.period import Period
from pricing.rules.facts import ChargeRuleFact
from pricing.rules.kinds import RuleKind, Window
from pricing.rules.tariff_file.contents import Fault, TariffFile, TariffOpening

_COUNTED = {RuleKind.FREQUENCY, RuleKind.SHARED_QUOTA}
_WITH_PARTNERS = {RuleKind.EXCLUSION, RuleKind.NEEDS_ANOTHER}
_WITH_LENGTH = {Window.DAYS, Window.HOURS}


def faults_of_policy(file: TariffFile) -> Iterator[Fault]:
    """Everything that does not fit together; may be empty."""
    yield from _of_openings(file.openings)
    yield from _of_successions(file)
    yield from _of_rules(file)


def _of_openings(openings: tuple[TariffOpening, ...]) -> Iterator[Fault]:
    earlier: list[TariffOpening] = []
    for opening in openings:
        for other in earlier:
            same = (opening.fact.service, opening.fact.region_code) == (
                other.fact.service,
                other.fact.region_code,
            )
            if same and _period(opening).overlaps(_period(other)):
                yield opening.path, _("The service is already open there on some of these days.")
        earlier.append(opening)


def _period(opening: TariffOpening) -> Period:
    return Period(opening.fact.begin, opening.fact.end)


def _of_successions(file: TariffFile) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for succession in file.successions:
        fact = succession.fact
        if fact.item_code == fact.successor_code:
            yield succession.path, _("An item does not take its own place.")
        if (fact.item_code, fact.region_code) in seen:
            yield succession.path, _("The item is already abolished there.")
        seen.add((fact.item_code, fact.region_code))


def _of_rules(file: TariffFile) -> Iterator[Fault]:
    seen: set[str] = set()
    for rule in file.rules:
        if rule.fact.code in seen:
            yield rule.path, _("The rule “%(code)s” is given twice.") % {"code": rule.fact.code}
        seen.add(rule.fact.code)
        for message in _missing(rule.fact):
            yield rule.path, message


def _missing(rule: ChargeRuleFact) -> Iterator[Text]:
    """What the kind of rule and its window need, and what they do not take."""
    if (rule.kind in _COUNTED) is not (rule.limit_quantity is not None and rule.limit_quantity > 0):
        yield _("A frequency or shared quota has a limit above zero, and no other kind has one.")
    if (rule.kind is RuleKind.DAILY_TOTAL) is not (rule.limit_amount is not None):
        yield _("A daily total has a limit_amount, and no other kind has one.")
    if (rule.kind in _WITH_PARTNERS) is not bool(rule.partners):
        yield _("An exclusion or a need names partners, and no other kind does.")
    if (rule.window in _WITH_LENGTH) is not (rule.window_length is not None):
        yield _("A window of days or hours has a length, and no other window has one.")
