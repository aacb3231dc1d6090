"""Everyone may see what the hospital charges and why; nobody has to sign in."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kernel import clock
from pricing.models import PriceItem
from pricing.pages import explaining, presenters
from pricing.pages.forms import CaseForm, PriceListForm
from pricing.queries import context_of, listed_items, price_history, published_prices
from pricing.rules.search import search_term
from registry.models import Institution


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
    items = listed_items(context_of(institution, on))
    if form.valid("category"):
        items = items.filter(category=form.valid("category"))
    if form.valid("q"):
        items = items.filter(search_key__contains=search_term(form.valid("q")))
    shown = presenters.price_list(published_prices(institution, on, items), institution, on, today)
    return render(request, "pricing/list.html", {"form": form, "prices": shown, "tab": "home"})


@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item: what it costs on the day, for which titles, by which documents, and what it cost before."""
    institution, on, today = _case(request)
    found = _item(code, institution, on)
    prices = published_prices(institution, on, _only(found, institution, on))
    history = price_history(found, institution)
    shown = presenters.item_page(found, prices, history, institution, on, today)
    return render(request, "pricing/item.html", {"shown": shown, "tab": "home"})


@require_safe
def why(request: HttpRequest, code: str) -> HttpResponse:
    """Why one unit costs what it costs, step by step; 404 with the reason where there is no price."""
    institution, on, today = _case(request)
    form = CaseForm(request.GET)
    form.is_valid()
    found = _item(code, institution, on)
    shown = explaining.why(
        found, institution, on=on, today=today, title=form.known("title"), age=form.known("age")
    )
    status = 404 if shown.refusal else 200
    return render(request, "pricing/why.html", {"shown": shown, "tab": "home"}, status=status)


def _case(request: HttpRequest) -> tuple[Institution, date, date]:
    form = CaseForm(request.GET)
    form.is_valid()
    institution = form.known("institution") or _first_institution()
    if institution is None:
        raise Http404
    today = clock.day_of(clock.now())
    return institution, form.known("on") or today, today


def _first_institution() -> Institution | None:
    return Institution.objects.order_by("pk").first()


def _item(code: str, institution: Institution, on: date) -> PriceItem:
    found = listed_items(context_of(institution, on)).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _only(found: PriceItem, institution: Institution, on: date) -> QuerySet[PriceItem]:
    return listed_items(context_of(institution, on)).filter(pk=found.pk)
