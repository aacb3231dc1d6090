"""Refusals: a stable code, a sentence for the person, and every violated rule at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Violation:
    """One broken rule."""

    rule: str
    """Stable number of the rule, e.g. ``V-02``."""
    message: Text
    """What is wrong, for the person."""
    way_on: Text = ""
    """What she can do now."""
    field: str = ""
    """Name of the form field it belongs beside; empty for the whole form."""
    source: str = ""
    """Document and article, or why the rule is ours."""


class DomainError(Exception):
    """Something the product refuses, said so that a person can act on it."""

    code = "refused"
    default_message: Text = _("This is not possible.")

    def __init__(
        self, message: Text | None = None, *, violations: Iterable[Violation] = (), field: str = ""
    ) -> None:
        """``violations`` names every broken rule; the message is the first of them unless given."""
        self.violations = tuple(violations)
        self.field = field
        if message is not None:
            self.message: Text = message
        elif self.violations:
            self.message = self.violations[0].message
        else:
            self.message = self.default_message
        super().__init__(self.code)

    def __str__(self) -> str:
        """The sentence for the person."""
        return str(self.message)


class NotFoundForYou(DomainError):
    """The record does not exist or is not visible to this user; both look the same."""

    code = "not_found"
    default_message = _("We cannot find this record among yours.")


class RulesBroken(DomainError):
    """One or more numbered rules are broken."""

    code = "rules_broken"


def refuse_if_any(violations: Iterable[Violation], error: type[DomainError] = RulesBroken) -> None:
    """Raise ``error`` with all violations when there is one."""
    found = tuple(violations)
    if found:
        raise error(violations=found)
