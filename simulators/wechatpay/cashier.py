"""What the payer sees: a cashier with two buttons, and a page that scans a code for her."""

from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from simulators.wechatpay import delivery, desk
from simulators.wechatpay.models import Order, TradeState

MERCHANT = "演示市第一人民医院"
OUTCOMES = {
    "paid": ("支付成功", "Paid"),
    "closed": ("商户已关闭这笔订单，不能再支付。", "The merchant has closed this order."),
    "expired": ("支付时间已过，请回到商户重新下单。", "The time to pay is over. Go back and order again."),
}
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"


def _page(request: HttpRequest, template: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Content-Security-Policy"] = POLICY
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt
@require_http_methods(["GET", "POST"])
def cashier(request: HttpRequest, prepay_id: str) -> HttpResponse:
    """Show the order; take a tap on Pay or on Refuse and go back to the merchant."""
    order = get_object_or_404(Order, prepay_id=prepay_id)
    back = _return_address(request.GET.get("redirect_url", ""))
    choice = request.POST.get("choice") if request.method == "POST" else None
    if choice == "pay":
        desk.pay(order.pk, timezone.now())
        delivery.wake()
        order.refresh_from_db()
    if choice and back and (choice == "refuse" or order.paid_at):
        return _See(back)
    state = _state(order, refused=choice == "refuse")
    context = {
        "order": order,
        "merchant": MERCHANT,
        "yuan": f"{order.total / 100:,.2f}",
        "back": back,
        "state": state,
        "outcome": OUTCOMES.get(state),
    }
    return _page(request, "wechatpay/cashier.html", context)


class _See(HttpResponseRedirect):
    """303: what follows a post is read, never posted again."""

    status_code = 303


def _state(order: Order, *, refused: bool) -> str:
    if order.paid_at:
        return "paid"
    if order.trade_state == TradeState.CLOSED:
        return "closed"
    if not order.payable_at(timezone.now()):
        return "expired"
    return "refused" if refused else "open"


def _return_address(text: str) -> str:
    """The merchant's address, if it is one that a browser may be sent to."""
    parts = urlsplit(text)
    return text if parts.scheme in ("http", "https") and parts.netloc else ""


@require_GET
def scan(request: HttpRequest) -> HttpResponse:
    """Stand in for the phone that scans a Native code; without a code, ask for one."""
    text = request.GET.get("code_url", "").strip()
    if not text:
        return _page(request, "wechatpay/scan.html", {})
    code = (parse_qs(urlsplit(text).query).get("pr") or [""])[0]
    order = Order.objects.filter(code=code).first() if code else None
    if order is None:
        return _page(request, "wechatpay/scan.html", {"code_url": text, "unknown": True}, status=404)
    back = _return_address(request.GET.get("redirect_url", ""))
    query = f"?{urlencode({'redirect_url': back})}" if back else ""
    return HttpResponseRedirect(reverse("wechatpay:cashier", args=[order.prepay_id]) + query)


@require_GET
def stylesheet(request: HttpRequest) -> HttpResponse:
    """The one stylesheet of these pages."""
    return render(request, "wechatpay/cashier.css", content_type="text/css")
