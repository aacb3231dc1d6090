"""What screening refuses, in words."""

from collections.abc import Iterable

from django.utils.functional import Promise, lazystr
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError, Violation
from screening.rules.facts import Words
from screening.rules.findings import Found


class ScreeningRefused(DomainError):
    """An audit rule denies the order, or a warning has no reason yet."""

    code = "screening_refused"
    default_message = _("An audit rule stands in the way.")


class ChangeRefused(DomainError):
    """The rule cannot be set so."""

    code = "rule_change_refused"
    default_message = _("The rule cannot be set this way.")


class ImportRefused(DomainError):
    """The file cannot be taken into the rule."""

    code = "knowledge_import_refused"
    default_message = _("The file cannot be taken.")


def in_words(words: Words) -> str:
    """The text in the reader's language."""
    return words.zh if (get_language() or "zh").startswith("zh") else words.en


class _Spoken:
    """Words that choose their language when they are read."""

    def __init__(self, words: Words) -> None:
        """Keep both."""
        self.words = words

    def __str__(self) -> str:
        """In the reader's language."""
        return in_words(self.words)


def later(words: Words) -> Promise:
    """The text in the language of whoever reads it in the end."""
    return lazystr(_Spoken(words))


def violations_of(found: Iterable[Found]) -> list[Violation]:
    """Findings as violations, beside ``line-<number>`` of their first line."""
    return [
        Violation(
            rule=one.rule,
            message=later(one.message),
            way_on=later(one.way_on),
            field=f"line-{one.lines[0]}" if one.lines else "",
            source=in_words(one.source),
        )
        for one in found
    ]
