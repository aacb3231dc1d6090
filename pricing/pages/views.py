"""Everyone may see what the hospital charges and why; nobody has to sign in."""

from datetime import date

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kernel import clock
from pricing.models import ChargeRule, PriceItem
from pricing.pages import explaining, one_item, presenters
from pricing.pages.forms import CaseForm, PriceListForm
from pricing.queries import closed_services, context_of, listed_items, price_history
from pricing.queries.charge_rules import rules_of
from pricing.queries.listing import abolished_on, items_of_list
from pricing.queries.published import known_rows, posted_items
from pricing.rules import QuoteContext
from registry.models import Institution

_ON_A_PAGE = 40  # items
_MOST_RULES = 20
_MOST_ROWS = 30
_MOST_HANGING = 40


@require_safe
def price_list(request: HttpRequest) -> HttpResponse:
    """The institution's price list on a day; a wrong day keeps what was typed and shows today."""
    today = clock.day_of(clock.now())
    form = PriceListForm(request.GET or None, initial={"on": today})
    form.is_valid()
    institution = form.valid("institution") or _first_institution()
    if institution is None:
        return render(request, "pricing/list.html", {"form": form, "tab": "home"})
    on = form.valid("on") or today
    context = context_of(institution, on)
    found = items_of_list(context, category=form.valid("category") or "", typed=form.valid("q") or "")
    page = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    items = list(page.object_list)
    closed = closed_services(institution, on)
    shown = presenters.price_list(
        posted_items(context, items),
        institution,
        on=on,
        today=today,
        count=page.paginator.count,
        abolished=abolished_on(context, items),
        closed=closed,
    )
    told = {"form": form, "prices": shown, "page": page, "closed_services": closed, "tab": "home"}
    return render(request, "pricing/list.html", told)


@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item: what it costs on the day, by which documents, what it cost before, and what binds it."""
    institution, on, today = case_of(request)
    context = context_of(institution, on)
    found = listed_item(code, context)
    hanging = list(listed_items(context).filter(main_item=found).order_by("kind", "code")[:_MOST_HANGING])
    closed = closed_services(institution, on)
    posted = posted_items(context, [found, *hanging])
    entries = presenters.entries_of(posted, on, abolished_on(context, [found, *hanging]), closed)
    shown = one_item.item_page(
        entries[0],
        institution,
        published=posted[0].prices,
        history=price_history(found, institution),
        hanging=entries[1:],
        known=known_rows(found, institution, _MOST_ROWS),
        rules=_rules(found, context),
        on=on,
        today=today,
    )
    return render(request, "pricing/item.html", {"shown": shown, "tab": "home"})


@require_safe
def why(request: HttpRequest, code: str) -> HttpResponse:
    """Why one unit costs what it costs, step by step; 404 with the reason where there is no price."""
    institution, on, today = case_of(request)
    form = CaseForm(request.GET)
    form.is_valid()
    found = listed_item(code, context_of(institution, on))
    shown = explaining.why(
        found, institution, on=on, today=today, title=form.known("title"), age=form.known("age")
    )
    status = 404 if shown.refusal else 200
    return render(request, "pricing/why.html", {"shown": shown, "tab": "home"}, status=status)


def case_of(request: HttpRequest) -> tuple[Institution, date, date]:
    """Institution and day that an address asks for, and today; what is wrong in it is left out.

    Raises:
        Http404: no institution has been entered yet.
    """
    form = CaseForm(request.GET)
    form.is_valid()
    institution = form.known("institution") or _first_institution()
    if institution is None:
        raise Http404
    today = clock.day_of(clock.now())
    return institution, form.known("on") or today, today


def listed_item(code: str, context: QuoteContext) -> PriceItem:
    """The item, where it stands on a list that covers the institution.

    Raises:
        Http404: it does not.
    """
    found = listed_items(context).filter(code=code.replace("\0", "")).first()
    if found is None:
        raise Http404
    return found


def _first_institution() -> Institution | None:
    return Institution.objects.order_by("pk").first()


def _rules(found: PriceItem, context: QuoteContext) -> list[ChargeRule]:
    naming = Q(subjects=found) | Q(partners=found)
    return list(rules_of(context).filter(naming).distinct().order_by("kind", "code")[:_MOST_RULES])
