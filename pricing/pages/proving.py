"""The proof page: what is not in order in the tariffs of an institution's region."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django import forms
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.period import Period
from pricing.pages.kept import kept
from pricing.pages.regions import region_in_words
from pricing.queries.proof import Finding, FindingKind, Severity, tariff_findings
from pricing.rules.lookup import regions_around

KINDS: dict[str, str | Promise] = {
    FindingKind.GAP: gettext_lazy("days without a price"),
    FindingKind.OVERLAP: gettext_lazy("two prices on one day"),
    FindingKind.SOURCE_MISSING: gettext_lazy("source missing"),
    FindingKind.REVISIT_UNEQUAL: gettext_lazy("online differs from the clinic"),
    FindingKind.BANDS: gettext_lazy("bands"),
    FindingKind.ITEM: gettext_lazy("items"),
    FindingKind.BEYOND_LIMIT: gettext_lazy("outside what the document allows"),
    FindingKind.TRIAL_EXPIRED: gettext_lazy("trial price ended"),
    FindingKind.NO_PRICE: gettext_lazy("no price known"),
}

SEVERITIES: dict[str, tuple[str, str | Promise]] = {
    Severity.WRONG: ("refused", gettext_lazy("to be mended")),
    Severity.NOTICE: ("needs", gettext_lazy("to be looked at")),
    Severity.INFORMATION: ("", gettext_lazy("for your information")),
}
"""Badge of the vocabulary, and its word; without a badge a plain tag."""


class ProofForm(forms.Form):
    """Which findings to show; everything may be left empty."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"), choices=[("", gettext_lazy("all")), *KINDS.items()], required=False
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("How serious"),
        choices=[("", gettext_lazy("all")), *((name, word) for name, (_badge, word) in SEVERITIES.items())],
        required=False,
    )

    def said(self, name: str) -> str:
        """The cleaned value; empty where it is left out or wrong."""
        return str(getattr(self, "cleaned_data", {}).get(name) or "")


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as the page shows it."""

    finding: Finding
    badge: str
    word: str | Promise
    kind: str | Promise
    region: str
    days: str


def findings_for(region_code: str, at: datetime, today: date) -> tuple[list[Finding], datetime]:
    """Everything found in the tariffs that cover a region, and when it was looked for."""
    regions = regions_around(region_code)
    name = f"proof:{region_code}:{today.isoformat()}"
    return kept(name, lambda: (tariff_findings(on=today, regions=regions), at))


def counted(findings: Sequence[Finding]) -> list[tuple[str, str | Promise, int]]:
    """Badge, word and number of findings, the serious first; all three, also where there is none."""
    numbers = Counter(finding.severity for finding in findings)
    return [(badge, word, numbers[Severity(name)]) for name, (badge, word) in SEVERITIES.items()]


def chosen(findings: Sequence[Finding], form: ProofForm) -> list[Finding]:
    """Those asked for, the serious first."""
    order = list(SEVERITIES)
    kind, severity = form.said("kind"), form.said("severity")
    kept = [
        each
        for each in findings
        if (not kind or each.kind == kind) and (not severity or each.severity == severity)
    ]
    return sorted(kept, key=lambda each: order.index(each.severity))


def shown(findings: Sequence[Finding]) -> list[Found]:
    """In the page's language."""
    return [_shown(each) for each in findings]


def _shown(finding: Finding) -> Found:
    badge, word = SEVERITIES[finding.severity]
    days = _days(finding.days) if finding.days else ""
    return Found(finding, badge, word, KINDS[finding.kind], region_in_words(finding.region_code), days)


def _days(days: Period) -> str:
    begin = date_format(days.begin, "DATE_FORMAT")
    if days.end is None:
        return _("from %(begin)s on") % {"begin": begin}
    last = date_format(days.end - timedelta(days=1), "DATE_FORMAT")
    return _("from %(begin)s to %(last)s") % {"begin": begin, "last": last}
