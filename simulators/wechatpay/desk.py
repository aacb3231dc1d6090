"""What the platform does with a merchant's requests and a payer's taps."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from simulators.telling import ways_to_go_wrong
from simulators.wechatpay.asked import OrderAsked, RefundAsked
from simulators.wechatpay.models import (
    AbnormalWay,
    Fault,
    FaultKind,
    Notification,
    Order,
    Refund,
    RefundStatus,
    TradeState,
    TradeType,
    new_transaction_id,
    take,
)
from simulators.wechatpay.shapes import order_fields, refund_notification_fields
from simulators.wechatpay.wire import ApiError

MOST_REFUNDS = 50
SHORTEST_LIFE = timedelta(minutes=1)
DEFAULT_LIFE = timedelta(hours=2)
SOMEBODY = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"


@transaction.atomic
def place(asked: OrderAsked, trade_type: TradeType, *, uses_public_key: bool) -> Order:
    """A new order, or the one there is if everything about it is the same."""
    now = timezone.now()
    wanted = asked.time_expire or now + DEFAULT_LIFE
    order, is_new = Order.objects.select_for_update().get_or_create(
        mchid=asked.mchid,
        out_trade_no=asked.out_trade_no,
        defaults={
            "appid": asked.appid,
            "trade_type": trade_type,
            "description": asked.description,
            "attach": asked.attach,
            "total": asked.total,
            "notify_url": asked.notify_url,
            "time_expire_asked": asked.time_expire_text,
            "time_expire": max(wanted, now + SHORTEST_LIFE),
            "uses_public_key": uses_public_key,
            "payer_openid": asked.openid,
        },
    )
    if not is_new:
        _insist_on_sameness(order, asked, trade_type)
    return order


def _insist_on_sameness(order: Order, asked: OrderAsked, trade_type: TradeType) -> None:
    if order.trade_state in (TradeState.SUCCESS, TradeState.REFUND):
        raise ApiError(400, "ORDERPAID", "该订单已支付")
    if order.trade_state == TradeState.CLOSED:
        raise ApiError(400, "ORDER_CLOSED", "该订单已关闭,请使用新的商户订单号下单")
    if order.trade_type != trade_type:
        raise ApiError(403, "OUT_TRADE_NO_USED", "商户订单号重复")
    was = (
        order.total,
        order.description,
        order.attach,
        order.notify_url,
        order.time_expire_asked,
        order.payer_openid,
    )
    now = (
        asked.total,
        asked.description,
        asked.attach,
        asked.notify_url,
        asked.time_expire_text,
        asked.openid,
    )
    if was != now:
        raise ApiError(400, "INVALID_REQUEST", "请求重入时,参数与首次请求时不一致")


def find(mchid: str, **key: str) -> Order:
    """The order with this number. Raises ``ApiError`` ORDER_NOT_EXIST."""
    order = Order.objects.filter(mchid=mchid, **key).first()
    if order is None:
        raise ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
    return order


@transaction.atomic
def close(mchid: str, out_trade_no: str) -> None:
    """Make it unpayable. The platform says nothing of an order it does not know, nor of a second time."""
    order = Order.objects.select_for_update().filter(mchid=mchid, out_trade_no=out_trade_no).first()
    if order is None or order.trade_state == TradeState.CLOSED:
        return
    if order.trade_state in (TradeState.SUCCESS, TradeState.REFUND):
        raise ApiError(400, "ORDERPAID", "该订单已支付")
    order.trade_state = TradeState.CLOSED
    order.save(update_fields=["trade_state"])


@transaction.atomic
def pay(order_id: int, at: datetime) -> bool:
    """The payer taps Pay. Returns False when it can no longer be paid; a second tap pays nothing."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if not order.payable_at(at):
        return False
    order.trade_state = TradeState.SUCCESS
    order.transaction_id = new_transaction_id()
    order.payer_openid = order.payer_openid or SOMEBODY
    order.paid_at = at
    order.save()
    tell(order, "TRANSACTION.SUCCESS", "支付成功", "transaction", order_fields(order), order.notify_url, at)
    return True


@transaction.atomic
def refund(asked: RefundAsked, at: datetime) -> Refund:
    """Take a refund on, once for each number."""
    order = Order.objects.select_for_update().filter(mchid=asked.mchid, **asked.order_key).first()
    if order is None:
        raise ApiError(404, "RESOURCE_NOT_EXISTS", "订单不存在")
    known = Refund.objects.filter(mchid=asked.mchid, out_refund_no=asked.out_refund_no).first()
    if known is not None:
        if (known.order_id, known.amount, order.total) != (order.pk, asked.refund, asked.total):
            raise ApiError(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致,请核实后再试")
        return known
    _insist_on_refundable(order, asked)
    processing = take(FaultKind.REFUND_PROCESSING)
    order.trade_state = TradeState.REFUND
    order.save(update_fields=["trade_state"])
    return Refund.objects.create(
        order=order,
        mchid=asked.mchid,
        out_refund_no=asked.out_refund_no,
        amount=asked.refund,
        reason=asked.reason,
        notify_url=asked.notify_url,
        queries_left=processing.queries if processing else 0,
        ends_abnormal=take(FaultKind.REFUND_ABNORMAL) is not None,
    )


def _insist_on_refundable(order: Order, asked: RefundAsked) -> None:
    if order.paid_at is None:
        raise ApiError(400, "INVALID_REQUEST", "该订单未支付,不能发起退款")
    if order.total != asked.total:
        raise ApiError(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致,请核实后再试")
    live = order.refunds.exclude(status=RefundStatus.CLOSED)
    if (live.aggregate(sum=Sum("amount"))["sum"] or 0) + asked.refund > order.total:
        raise ApiError(400, "INVALID_REQUEST", "申请退款金额超过订单可退金额")
    if live.count() >= MOST_REFUNDS:
        raise ApiError(400, "INVALID_REQUEST", "订单退款次数超过50次")


@transaction.atomic
def look_at_refund(mchid: str, out_refund_no: str, at: datetime) -> Refund:
    """A query: counts down a refund told to stay PROCESSING, and finishes any other."""
    found = Refund.objects.select_for_update().filter(mchid=mchid, out_refund_no=out_refund_no).first()
    if found is None:
        raise ApiError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    if found.queries_left > 0:
        found.queries_left -= 1
        found.save(update_fields=["queries_left"])
        return found
    finish(found, at)
    return found


@transaction.atomic
def send_elsewhere(mchid: str, refund_id: str, out_refund_no: str, way: AbnormalWay) -> Refund:
    """An abnormal refund begins anew on another way, under its number."""
    key = {"mchid": mchid, "refund_id": refund_id, "out_refund_no": out_refund_no}
    found = Refund.objects.select_for_update().filter(**key).first()
    if found is None:
        raise ApiError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    if found.goes_to and found.goes_to != way:
        raise ApiError(400, "INVALID_REQUEST", "异常退款处理方式与之前请求不一致")
    if not found.goes_to:
        if found.status != RefundStatus.ABNORMAL:
            raise ApiError(400, "INVALID_REQUEST", "退款单状态不是退款异常")
        processing = take(FaultKind.REFUND_PROCESSING)
        found.status, found.ends_abnormal, found.goes_to = RefundStatus.PROCESSING, False, way
        found.queries_left = processing.queries if processing else 0
        found.save()
    return found


def finish(refund: Refund, at: datetime) -> None:
    """End a refund that is still PROCESSING, and tell the merchant. Call with the row locked."""
    if refund.status != RefundStatus.PROCESSING:
        return
    if refund.ends_abnormal:
        refund.status = RefundStatus.ABNORMAL
    else:
        refund.status, refund.success_at = RefundStatus.SUCCESS, at
    refund.save(update_fields=["status", "success_at"])
    if refund.notify_url:
        label = RefundStatus(refund.status).label
        tell(
            refund.order,
            f"REFUND.{refund.status}",
            label,
            "refund",
            refund_notification_fields(refund),
            refund.notify_url,
            at,
        )


def tell(
    order: Order, event: str, summary: str, kind: str, resource: dict[str, Any], url: str, at: datetime
) -> Notification:
    """Put a notification on the list, with whatever is told to go wrong with it."""
    return Notification.objects.create(
        event_type=event,
        out_trade_no=order.out_trade_no,
        url=url,
        summary=summary,
        original_type=kind,
        resource=resource,
        uses_public_key=order.uses_public_key,
        **ways_to_go_wrong(Fault, at),
    )
