"""``gateway.do``: one address for every verb; what the merchant's servers ask, and where it sends a payer's browser."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from simulators import cashier_pages, faults
from simulators.alipay import asked, bills, desk, refunds, shapes, telling, wire
from simulators.alipay.models import FaultKind, Product, take
from simulators.alipay.wire import ApiError, StrangerError

Fields = dict[str, Any]
Request = dict[str, str]
UNKNOWN = ApiError("20000", "isp.unknow-error", "系统繁忙")


def _precreate(request: Request, _address: str) -> Fields:
    trade = desk.place(asked.read_trade(request, Product.PRECREATE, timezone.now()))
    return {"out_trade_no": trade.out_trade_no, "qr_code": trade.qr_code}


def _query(request: Request, _address: str) -> Fields:
    return shapes.trade_fields(desk.find(**asked.read_which(asked.read_content(request))))


def _close(request: Request, _address: str) -> Fields:
    return shapes.numbers(desk.close(asked.read_which(asked.read_content(request))))


def _cancel(request: Request, _address: str) -> Fields:
    return refunds.cancel(asked.read_which(asked.read_content(request)))


def _refund(request: Request, _address: str) -> Fields:
    return refunds.refund(asked.read_refund(asked.read_content(request)))


def _query_refund(request: Request, _address: str) -> Fields:
    fields = asked.read_content(request)
    number = fields.get("out_request_no")
    if not isinstance(number, str) or not number:
        raise asked.invalid("out_request_no")
    return refunds.look_at(asked.read_which(fields), number)


def _bill(request: Request, address: str) -> Fields:
    return bills.offer(asked.read_content(request), address)


SERVER_VERBS: dict[str, tuple[str, Callable[[Request, str], Fields]]] = {
    "alipay.trade.precreate": ("precreate", _precreate),
    "alipay.trade.query": ("query", _query),
    "alipay.trade.close": ("close", _close),
    "alipay.trade.cancel": ("cancel", _cancel),
    "alipay.trade.refund": ("refund", _refund),
    "alipay.trade.fastpay.refund.query": ("query_refund", _query_refund),
    "alipay.data.dataservice.bill.downloadurl.query": ("bill", _bill),
}
BROWSER_VERBS = {"alipay.trade.page.pay": Product.PAGE, "alipay.trade.wap.pay": Product.WAP}
VERBS = (*(verb for verb, _answer in SERVER_VERBS.values()), *BROWSER_VERBS.values())


@csrf_exempt
@require_http_methods(["GET", "POST"])
def gateway(request: HttpRequest) -> HttpResponse:
    """Take a request, whether its parameters stand in the address, in the body, or in both."""
    fields: Request = {**request.GET.dict(), **request.POST.dict()}
    if fields.get("method") in BROWSER_VERBS:
        return _open_cashier(request, fields, BROWSER_VERBS[fields["method"]])
    return _answer(request, fields)


def _answer(request: HttpRequest, fields: Request) -> HttpResponse:
    method = fields.get("method", "")
    verb, do = SERVER_VERBS.get(method, ("", None))
    signed = True
    try:
        wire.verify_request(fields)
        if do is None:
            raise StrangerError("40002", "isv.invalid-method", "不存在的方法名")
        if take(FaultKind.HTTP_ERROR, verb):
            return HttpResponse("<html><body>502 Bad Gateway</body></html>", status=502)
        _fail_if_told(verb)
        said = wire.SUCCESS | do(fields, request.build_absolute_uri(reverse("alipay:gateway")))
        if take(FaultKind.SYSTEM_ERROR_AFTER, verb):
            said = wire.failed("SYSTEM_ERROR", "系统错误").fields
    except ApiError as error:
        said, signed = error.fields, not isinstance(error, StrangerError)
    else:
        telling.wake()
        # Only of what was carried out: a request that was silent before must not take another one's silence.
        _keep_silent_if_told(verb)
    forged = take(FaultKind.WRONG_SIGNATURE, verb) is not None
    body = wire.write_answer(method if do else "", said, signed=signed, forged=forged)
    return HttpResponse(body, content_type="text/html;charset=utf-8")


def _keep_silent_if_told(verb: str) -> None:
    silence = take(FaultKind.SILENT_AFTER, verb)
    if silence:
        faults.keep_silent(silence)


def _fail_if_told(verb: str) -> None:
    silence = take(FaultKind.SILENT_BEFORE, verb)
    if silence:
        faults.keep_silent(silence)
        raise UNKNOWN
    if take(FaultKind.UNKNOWN_ERROR, verb):
        raise UNKNOWN
    if take(FaultKind.CALL_LIMITED, verb):
        raise ApiError("40005", "isv.app-call-limited", "应用调用次数超限")
    if take(FaultKind.SYSTEM_ERROR, verb):
        raise wire.failed("SYSTEM_ERROR", "系统错误")
    if verb == "refund" and take(FaultKind.NOT_ENOUGH):
        raise wire.failed("SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足")


def _open_cashier(request: HttpRequest, fields: Request, product: Product) -> HttpResponse:
    """A payer's browser comes with a signed address: the trade is made and shown."""
    now: datetime = timezone.now()
    try:
        wire.verify_request(fields)
        _fail_if_told(product.value)
        trade = desk.place(asked.read_trade(fields, product, now))
    except ApiError as error:
        return cashier_pages.refused(request, (error.fields["sub_msg"], error.fields["sub_code"]))
    return HttpResponseRedirect(reverse("alipay:cashier", args=[trade.code]))
