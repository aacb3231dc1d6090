"""Giving back: refunds in parts, and the cancelling of a trade whose outcome the merchant does not know."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from simulators.alipay import desk, shapes, wire
from simulators.alipay.asked import RefundAsked
from simulators.alipay.models import FaultKind, Refund, Trade, TradeStatus, take

CANCEL_WITHIN = timedelta(hours=24)


@transaction.atomic
def refund(asked: RefundAsked) -> dict[str, Any]:
    """Give a part back, once for each number."""
    trade = desk.find(**asked.trade)
    number = asked.out_request_no or trade.out_trade_no
    known = trade.refunds.filter(out_request_no=number).first()
    if known is not None:
        if known.amount != asked.amount:
            raise wire.failed("DISCORDANT_REPEAT_REQUEST", "请求信息不一致")
        return shapes.refund_fields(known, is_new=False)
    _insist_on_refundable(trade, asked)
    return shapes.refund_fields(_take(trade, number, asked.amount, asked.reason), is_new=True)


def _insist_on_refundable(trade: Trade, asked: RefundAsked) -> None:
    if trade.status == TradeStatus.TRADE_FINISHED:
        raise wire.failed("TRADE_HAS_FINISHED", "交易已完结")
    if trade.paid_at is None:
        raise wire.failed("TRADE_STATUS_ERROR", "交易状态不合法")
    if not asked.out_request_no and asked.amount != trade.total:
        raise wire.failed("REFUND_AMT_NOT_EQUAL_TOTAL", "撤销或退款金额与订单金额不一致")
    if _asked_for(trade) + asked.amount > trade.total:
        raise wire.failed("REASON_TRADE_REFUND_FEE_ERR", "退款金额无效")


def _asked_for(trade: Trade) -> Decimal:
    return trade.refunds.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def _take(trade: Trade, number: str, amount: Decimal, reason: str) -> Refund:
    waits = take(FaultKind.REFUND_PROCESSING)
    taken = Refund.objects.create(
        trade=trade,
        out_request_no=number,
        amount=amount,
        reason=reason,
        queries_left=waits.queries if waits else 0,
    )
    if not waits:
        _finish(taken, timezone.now())
    return taken


def _finish(refund: Refund, at: datetime) -> None:
    """The money has gone back; a trade of which nothing is left is closed. Call with the trade locked."""
    trade = refund.trade
    refund.done_at = at
    refund.save(update_fields=["done_at"])
    if trade.refunded == trade.total:
        desk.shut(trade, at)
    desk.tell(trade, at, refund)


@transaction.atomic
def look_at(which: dict[str, str], out_request_no: str) -> dict[str, Any]:
    """A query: counts down a refund told to take its time, and finishes it after that."""
    trade = desk.find(**which)
    found = trade.refunds.filter(out_request_no=out_request_no).first()
    if found is not None and found.done_at is None:
        if found.queries_left > 0:
            found.queries_left -= 1
            found.save(update_fields=["queries_left"])
        else:
            _finish(found, timezone.now())
    return shapes.refund_query_fields(trade, out_request_no, found)


@transaction.atomic
def cancel(which: dict[str, str]) -> dict[str, str]:
    """Undo a trade: close it unpaid, give all back when paid. Of a trade nobody has seen, only that it went well."""
    trade = Trade.objects.select_for_update().filter(**which).first()
    if trade is None or trade.opened_at is None:
        if "trade_no" in which:
            raise wire.failed("TRADE_NOT_EXIST", "交易不存在")
        desk.lock_unseen(which)
        return {**which, "retry_flag": "N"}
    done = {**shapes.numbers(trade), "retry_flag": "N"}
    if trade.status == TradeStatus.WAIT_BUYER_PAY:
        desk.shut(trade, timezone.now())
        return done | {"action": "close"}
    if trade.paid_at is None:
        return done
    if trade.refunds.filter(out_request_no=trade.out_trade_no).exists():
        return done | {"action": "refund"}
    _insist_on_cancellable(trade)
    _take(trade, trade.out_trade_no, trade.total, "撤销")
    return done | {"action": "refund"}


def _insist_on_cancellable(trade: Trade) -> None:
    if trade.status == TradeStatus.TRADE_FINISHED:
        raise wire.failed("TRADE_HAS_FINISHED", "交易已经完结")
    if trade.paid_at and timezone.now() - trade.paid_at > CANCEL_WITHIN:
        raise wire.failed("TRADE_CANCEL_TIME_OUT", "超过撤销时间范围")
    if trade.refunds.exists():
        raise wire.failed("REASON_TRADE_REFUND_FEE_ERR", "退款金额无效")
