"""What the cashiers of the channels share: the two pages, how they go out, and where a payer may be sent back to."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

MERCHANT = "演示市第一人民医院"
OUTCOMES = {
    "paid": ("支付成功", "Paid"),
    "closed": ("商户已关闭这笔订单，不能再支付。", "The merchant has closed this order."),
    "expired": ("支付时间已过，请回到商户重新下单。", "The time to pay is over. Go back and order again."),
}
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"


def page(request: HttpRequest, template: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    """A page that runs nothing, loads nothing from elsewhere and is kept nowhere."""
    response = render(request, template, context, status=status)
    response["Content-Security-Policy"] = POLICY
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


class See(HttpResponseRedirect):
    """303: what follows a post is read, never posted again."""

    status_code = 303


def return_address(text: str) -> str:
    """The merchant's address, if it is one that a browser may be sent to; empty otherwise."""
    parts = urlsplit(text)
    return text if parts.scheme in ("http", "https") and parts.netloc else ""


@dataclass(frozen=True)
class Looks:
    """How the pages of one channel differ.

    Args:
        name: of the channel, in both languages; the cashier says it where it is not empty.
        pay: CSS classes of the button that pays.
        refuse: the Chinese word on the other button.
        field: the parameter that holds a scanned code.
        code: how such a code begins.
    """

    name: tuple[str, str] | None
    pay: str
    refuse: str
    field: str
    code: str


@dataclass(frozen=True)
class Payable:
    """What is to be paid. ``yuan``, ``until``: as they are shown."""

    about: str
    number: str
    yuan: str
    until: str


def cashier_page(
    request: HttpRequest, looks: Looks, order: Payable, *, state: str, back: str
) -> HttpResponse:
    """The cashier: an order and two buttons, or what became of it (``state``)."""
    context: dict[str, object] = {
        "looks": looks,
        "order": order,
        "merchant": MERCHANT,
        "state": state,
        "outcome": OUTCOMES.get(state),
        "back": back,
    }
    return page(request, "simulators/channel_cashier.html", context)


def scanned(request: HttpRequest, looks: Looks, cashier_of: Callable[[str], str]) -> HttpResponse:
    """Stand in for the phone that scans a code; without a code, ask for one.

    Args:
        request: with the code, and perhaps the address to go back to.
        looks: of the channel.
        cashier_of: gives the address of a code's cashier; empty for a code that is not known.
    """
    text = request.GET.get(looks.field, "").strip()
    cashier = cashier_of(text) if text else ""
    if not cashier:
        context: dict[str, object] = {"looks": looks, "text": text}
        return page(request, "simulators/channel_scan.html", context, status=404 if text else 200)
    return to_cashier(cashier, request.GET.get("redirect_url", ""))


NOT_PAYABLE = ("不能付款", "This cannot be paid")


def refused(
    request: HttpRequest, why: tuple[str, str], heading: tuple[str, str] = NOT_PAYABLE
) -> HttpResponse:
    """What a browser sees that was sent here with something wrong; all words in both languages."""
    return page(request, "simulators/channel_refused.html", {"heading": heading, "why": why}, status=400)


def to_cashier(cashier: str, back: str) -> HttpResponse:
    """To the cashier, with the address to go back to if it is one."""
    known = return_address(back)
    return HttpResponseRedirect(f"{cashier}?{urlencode({'redirect_url': known})}" if known else cashier)


@require_GET
def stylesheet(request: HttpRequest) -> HttpResponse:
    """The one stylesheet of these pages."""
    return render(request, "simulators/cashier.css", content_type="text/css")
