"""The verbs of APIv3, for the merchant's servers."""

import functools
import os
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from simulators import faults
from simulators.wechatpay import asked, desk, shapes, wire
from simulators.wechatpay.models import FaultKind, TradeType, take
from simulators.wechatpay.wire import ApiError, platform

Fields = dict[str, Any] | None
Verb = Callable[..., Fields]


def verb(name: str, method: str) -> Callable[[Verb], Callable[..., HttpResponse]]:
    """Make a view of a verb: check the signature, play the faults, sign the answer.

    Args:
        name: what a fault calls it.
        method: the only HTTP method it takes.
    """

    def decorate(view: Verb) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def answer(request: HttpRequest, **numbers: str) -> HttpResponse:
            if request.method != method:
                return HttpResponseNotAllowed([method])
            try:
                wire.verify_request(
                    method, signed_paths(request), request.body, request.headers.get("Authorization", "")
                )
                _fail_if_told(name)
                fields = view(request, **numbers)
                status = 200 if fields is not None else 204
            except ApiError as error:
                fields, status = error.body, error.status
            else:
                # Only of what was carried out: a request silent before must not take another one's silence.
                if silence := take(FaultKind.SILENT_AFTER, name):
                    faults.keep_silent(silence)
            forged = take(FaultKind.WRONG_SIGNATURE, name) is not None
            return _signed(request, fields, status, forged=forged)

        answer.csrf_exempt = True  # type: ignore[attr-defined]
        return answer

    return decorate


def signed_paths(request: HttpRequest) -> set[str]:
    """The path from ``/v3`` on: what stands before it is only the road to this simulator."""
    full = request.get_full_path()
    path = full[full.index("/v3/") :]
    return {path, unquote(path)}


def _fail_if_told(name: str) -> None:
    silence = take(FaultKind.SILENT_BEFORE, name)
    if silence:
        faults.keep_silent(silence)
        raise ApiError(500, "SYSTEM_ERROR", "系统异常,请稍后重试")
    if take(FaultKind.SERVER_ERROR, name):
        raise ApiError(500, "SYSTEM_ERROR", "系统异常,请稍后重试")
    if take(FaultKind.FREQUENCY_LIMITED, name):
        raise ApiError(429, "FREQUENCY_LIMITED", "频率超限,请降低请求接口频率")
    if name == "refund" and take(FaultKind.NOT_ENOUGH, name):
        raise ApiError(403, "NOT_ENOUGH", "基本账户余额不足,请充值后重新发起")


def _signed(request: HttpRequest, fields: Fields, status: int, *, forged: bool) -> HttpResponse:
    body = wire.to_json(fields) if fields is not None else b""
    response = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    headers = wire.signed_headers(body, uses_public_key=wants_public_key(request), forged=forged)
    for name, value in headers.items():
        response[name] = value
    response["Request-ID"] = secrets.token_hex(20).upper()
    return response


def wants_public_key(request: HttpRequest) -> bool:
    return request.headers.get("Wechatpay-Serial") == platform().public_key_id


@verb("place", "POST")
def native(request: HttpRequest) -> Fields:
    """Native order: a code_url to draw as a QR code."""
    order = asked.read_order(request.body, TradeType.NATIVE)
    placed = desk.place(order, TradeType.NATIVE, uses_public_key=wants_public_key(request))
    return {"code_url": placed.code_url}


@verb("place", "POST")
def h5(request: HttpRequest) -> Fields:
    """H5 order: an address for the payer's browser, ready for ``&redirect_url=``."""
    order = asked.read_order(request.body, TradeType.MWEB)
    placed = desk.place(order, TradeType.MWEB, uses_public_key=wants_public_key(request))
    return {"h5_url": f"{public_address(request)}/cashier/{placed.prepay_id}/?package={placed.pk}"}


@verb("place", "POST")
def jsapi(request: HttpRequest) -> Fields:
    """JSAPI order: a prepay_id, for the page inside WeChat to sign and hand over."""
    order = asked.read_order(request.body, TradeType.JSAPI)
    return {
        "prepay_id": desk.place(order, TradeType.JSAPI, uses_public_key=wants_public_key(request)).prepay_id
    }


def public_address(request: HttpRequest, *, for_servers: bool = False) -> str:
    """Where a browser finds this simulator; by default, and for servers, where the merchant found it."""
    public = "" if for_servers else os.environ.get("SIMULATORS_PUBLIC_URL", "")
    base = public or request.build_absolute_uri("/")
    return base.rstrip("/") + request.path[: request.path.index("/v3/")]


@verb("query", "GET")
def query_by_out_trade_no(request: HttpRequest, out_trade_no: str) -> Fields:
    """An order by the merchant's number."""
    asked.insist_on_merchant(request.GET.get("mchid"))
    return shapes.order_fields(desk.find(platform().mchid, out_trade_no=out_trade_no))


@verb("query", "GET")
def query_by_transaction_id(request: HttpRequest, transaction_id: str) -> Fields:
    """An order by the platform's number."""
    asked.insist_on_merchant(request.GET.get("mchid"))
    return shapes.order_fields(desk.find(platform().mchid, transaction_id=transaction_id))


@verb("close", "POST")
def close(request: HttpRequest, out_trade_no: str) -> Fields:
    """Close an order: 204 and nothing else."""
    asked.insist_on_merchant(asked.read_body(request.body).get("mchid"))
    desk.close(platform().mchid, out_trade_no)
    return None


@verb("refund", "POST")
def refund(request: HttpRequest) -> Fields:
    """Ask for a refund."""
    taken = desk.refund(asked.read_refund(request.body, platform().mchid), timezone.now())
    return shapes.refund_fields(taken)


@verb("query_refund", "GET")
def query_refund(request: HttpRequest, out_refund_no: str) -> Fields:
    """A refund by the merchant's number."""
    return shapes.refund_fields(desk.look_at_refund(platform().mchid, out_refund_no, timezone.now()))


@verb("abnormal_refund", "POST")
def abnormal_refund(request: HttpRequest, refund_id: str) -> Fields:
    """An abnormal refund goes to another account."""
    number, way = asked.read_abnormal(request.body)
    return shapes.refund_fields(desk.send_elsewhere(platform().mchid, refund_id, number, way))


@verb("certificates", "GET")
def certificates(request: HttpRequest) -> Fields:
    """The platform certificate, sealed with the APIv3 key."""
    sealed = wire.seal(platform().certificate_pem, "certificate")
    return {
        "data": [
            {
                "serial_no": platform().certificate_serial,
                "effective_time": platform().certificate_from,
                "expire_time": platform().certificate_until,
                "encrypt_certificate": sealed,
            }
        ]
    }
