"""What the payer sees: a cashier with two buttons, and a page that scans a code for her."""

from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from simulators.cashier_pages import (
    Looks,
    Payable,
    See,
    cashier_page,
    refused,
    return_address,
    scanned,
    to_cashier,
)
from simulators.wechatpay import delivery, desk, wire
from simulators.wechatpay.models import Order, TradeState, TradeType

LOOKS = Looks(name=None, pay="pay", refuse="不付了", field="code_url", code="weixin://wxpay/bizpayurl?pr=…")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def cashier(request: HttpRequest, prepay_id: str) -> HttpResponse:
    """Show the order; take a tap on Pay or on Refuse and go back to the merchant."""
    order = get_object_or_404(Order, prepay_id=prepay_id)
    back = return_address(request.GET.get("redirect_url", ""))
    choice = request.POST.get("choice") if request.method == "POST" else None
    if choice == "pay":
        desk.pay(order.pk, timezone.now())
        delivery.wake()
        order.refresh_from_db()
    if choice and back and (choice == "refuse" or order.paid_at):
        return See(back)
    shown = Payable(
        about=order.description,
        number=order.out_trade_no,
        yuan=f"{order.total / 100:,.2f}",
        until=f"{timezone.localtime(order.time_expire):%H:%M}",
    )
    return cashier_page(request, LOOKS, shown, state=_state(order, refused=choice == "refuse"), back=back)


def _state(order: Order, *, refused: bool) -> str:
    if order.paid_at:
        return "paid"
    if order.trade_state == TradeState.CLOSED:
        return "closed"
    if not order.payable_at(timezone.now()):
        return "expired"
    return "refused" if refused else "open"


@require_GET
def scan(request: HttpRequest) -> HttpResponse:
    """Stand in for the phone that scans a Native code."""
    return scanned(request, LOOKS, _cashier_of_code)


def _cashier_of_code(text: str) -> str:
    code = (parse_qs(urlsplit(text).query).get("pr") or [""])[0]
    order = Order.objects.filter(code=code).first() if code else None
    return _address(order) if order else ""


@require_GET
def bridge(request: HttpRequest) -> HttpResponse:
    """Stand in for WeChat's own browser: take what a page hands to ``getBrandWCPayRequest``, if it is rightly signed."""
    said = request.GET
    prepay_id = said.get("package", "").removeprefix("prepay_id=")
    order = Order.objects.filter(prepay_id=prepay_id, trade_type=TradeType.JSAPI).first()
    if order is None or not wire.is_signed_for_bridge(said):
        return refused(request, ("支付验证签名失败。", "No such order, or its signature is wrong."))
    return to_cashier(_address(order), said.get("redirect_url", ""))


def _address(order: Order) -> str:
    return reverse("wechatpay:cashier", args=[order.prepay_id])
