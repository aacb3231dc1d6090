"""Which books, which days and which account an address asks for."""

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.pages.forms import day_field
from kernel import clock
from kernel.presentation import iso
from ledger.rules import AccountKey, AccountKind
from registry.models import Institution

_FIRST_YEAR = 2000


class PeriodForm(forms.Form):
    """Whose books, and of which days."""

    institution = forms.ModelChoiceField(
        Institution.objects.order_by("pk"),
        label=gettext_lazy("Institution"),
        required=False,
        empty_label=gettext_lazy("All together"),
    )
    first = day_field(gettext_lazy("From"))
    last = day_field(gettext_lazy("Through"))

    def clean(self) -> dict[str, Any]:
        """A period ends on its first day or later, and begins in this century."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("first") and said["first"].year < _FIRST_YEAR:
            self.add_error("first", _("There are no books of so long ago."))
        if said.get("first") and said.get("last") and said["last"] < said["first"]:
            self.add_error("last", _("The last day lies before the first."))
        return said

    @property
    def institution_id(self) -> int | None:
        """None: all together."""
        one = self.cleaned_data.get("institution")
        return one.pk if one else None

    @property
    def period(self) -> tuple[date, date]:
        """First and last day; both included."""
        return self.cleaned_data["first"], self.cleaned_data["last"]


def period_asked(asked: QueryDict) -> PeriodForm:
    """What is asked for, with today's day where none is given."""
    today = iso(clock.day_of(clock.now()))
    last = asked.get("last") or asked.get("first") or today
    said = {"institution": asked.get("institution", ""), "first": asked.get("first") or last, "last": last}
    return PeriodForm(said)


def period_query(form: PeriodForm) -> str:
    """The period as a part of an address."""
    first, last = form.period
    said = QueryDict(mutable=True)
    said.update({"institution": str(form.institution_id or ""), "first": iso(first), "last": iso(last)})
    return said.urlencode()


def account_query(account: AccountKey) -> str:
    """The account as a part of an address."""
    said = QueryDict(mutable=True)
    said.update({"kind": account.kind.value, "party": account.party, "category": account.category})
    return said.urlencode()


def account_asked(asked: QueryDict) -> AccountKey:
    """The account of an address.

    Raises:
        Http404: there is no such kind.
    """
    kind = str(asked.get("kind", ""))
    if kind not in list(AccountKind):
        raise Http404
    party, category = (asked.get(name, "").replace("\0", "") for name in ("party", "category"))
    return AccountKey(AccountKind(kind), party, category)


def valid_period(request: HttpRequest) -> PeriodForm:
    """What is asked for.

    Raises:
        Http404: it cannot be read.
    """
    form = period_asked(request.GET)
    if not form.is_valid():
        raise Http404
    return form
