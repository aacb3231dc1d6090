"""What the payer sees: a cashier with two buttons, and a page that scans a code for her."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from simulators.alipay import desk, telling, wire
from simulators.alipay.models import Product, Trade, TradeStatus
from simulators.cashier_pages import Looks, Payable, See, cashier_page, return_address, scanned

RETURN_METHODS = {Product.PAGE: "alipay.trade.page.pay.return", Product.WAP: "alipay.trade.wap.pay.return"}

LOOKS = Looks(
    name=("支付宝", "Alipay"),
    pay="pay alipay",
    refuse="拒绝",
    field="qr_code",
    code="https://qr.alipay.com/…",
)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def cashier(request: HttpRequest, code: str) -> HttpResponse:
    """Show the trade; take a tap on Pay or on Refuse and go back to the merchant."""
    trade = desk.open_for_payer(get_object_or_404(Trade, code=code).pk)
    scanned_from = return_address(request.GET.get("redirect_url", ""))
    choice = request.POST.get("choice") if request.method == "POST" else None
    if choice == "pay":
        desk.pay(trade.pk, timezone.now())
        telling.wake()
        trade.refresh_from_db()
    back = _way_back(trade, scanned_from)
    if back and (
        (choice == "pay" and trade.paid_at) or (choice == "refuse" and _may_leave(trade, scanned_from))
    ):
        return See(back)
    shown = Payable(
        about=trade.subject,
        number=trade.out_trade_no,
        yuan=f"{trade.total:,.2f}",
        until=f"{timezone.localtime(trade.expires_at):%m-%d %H:%M}",
    )
    return cashier_page(request, LOOKS, shown, state=_state(trade, refused=choice == "refuse"), back=back)


def _may_leave(trade: Trade, scanned_from: str) -> bool:
    """Whether the merchant named a place for those who do not pay; ``return_url`` is for those who did."""
    return bool(trade.quit_url or scanned_from)


def _way_back(trade: Trade, scanned_from: str) -> str:
    """Where the payer goes next; after paying by page or wap with the signed parameters of the documentation."""
    if trade.product == Product.PRECREATE:
        return scanned_from
    if trade.paid_at is None:
        return trade.quit_url or trade.return_url
    if not trade.return_url:
        return ""
    joined = "&" if urlsplit(trade.return_url).query else "?"
    return trade.return_url + joined + urlencode(_return_fields(trade))


def _return_fields(trade: Trade) -> dict[str, str]:
    platform = wire.platform()
    return wire.sign_fields(
        {
            "charset": "utf-8",
            "version": "1.0",
            "method": RETURN_METHODS[Product(trade.product)],
            "app_id": platform.app_id,
            "auth_app_id": platform.app_id,
            "seller_id": platform.seller_id,
            "out_trade_no": trade.out_trade_no,
            "trade_no": trade.trade_no,
            "total_amount": str(trade.total),
            "timestamp": wire.moment(timezone.now()),
        }
    )


def _state(trade: Trade, *, refused: bool) -> str:
    if trade.paid_at:
        return "paid"
    if timezone.now() >= trade.expires_at:
        return "expired"
    if trade.is_locked or trade.status == TradeStatus.TRADE_CLOSED:
        return "closed"
    return "refused" if refused else "open"


@require_GET
def scan(request: HttpRequest) -> HttpResponse:
    """Stand in for the phone that scans a precreated trade's code."""
    return scanned(request, LOOKS, _cashier_of_code)


def _cashier_of_code(text: str) -> str:
    trade = Trade.objects.filter(code=urlsplit(text).path.strip("/"), product=Product.PRECREATE).first()
    return reverse("alipay:cashier", args=[trade.code]) if trade else ""
