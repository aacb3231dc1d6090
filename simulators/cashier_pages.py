"""What the cashiers of the channels share: how a page goes out, and where a payer may be sent back to."""

from urllib.parse import urlsplit

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


@require_GET
def stylesheet(request: HttpRequest) -> HttpResponse:
    """The one stylesheet of these pages."""
    return render(request, "simulators/cashier.css", content_type="text/css")
