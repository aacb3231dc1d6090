"""What the platform does with a merchant's trades and a payer's taps.

A trade comes into being when a payer first sees it. Before that a query knows nothing of it (ACQ.TRADE_NOT_EXIST),
and so does closing; yet a precreated trade that was closed or cancelled unseen cannot be paid any more.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from simulators.alipay import shapes, wire
from simulators.alipay.asked import TradeAsked
from simulators.alipay.models import Fault, Notification, Product, Refund, Trade, TradeStatus
from simulators.telling import ways_to_go_wrong

PAID = (TradeStatus.TRADE_SUCCESS, TradeStatus.TRADE_FINISHED)


@transaction.atomic
def place(asked: TradeAsked) -> Trade:
    """A new trade, or the one there is if everything about it is the same."""
    now = timezone.now()
    trade, is_new = Trade.objects.select_for_update().get_or_create(
        out_trade_no=asked.out_trade_no,
        defaults={
            "product": asked.product,
            "total": asked.total,
            "subject": asked.subject,
            "body": asked.body,
            "passback_params": asked.passback_params,
            "notify_url": asked.notify_url,
            "return_url": asked.return_url,
            "quit_url": asked.quit_url,
            "life_asked": asked.life,
            "expires_at": asked.expires_at,
        },
    )
    if not is_new:
        _let_time_pass(trade, now)
        _insist_on_sameness(trade, asked)
    return trade


def _insist_on_sameness(trade: Trade, asked: TradeAsked) -> None:
    if trade.status in PAID or trade.paid_at:
        raise wire.failed("TRADE_HAS_SUCCESS", "交易已被支付")
    if trade.status == TradeStatus.TRADE_CLOSED or trade.is_locked:
        raise wire.failed("TRADE_HAS_CLOSE", "交易已经关闭")
    was = (trade.product, trade.total, trade.subject, trade.body)
    if was != (asked.product, asked.total, asked.subject, asked.body):
        raise wire.failed("CONTEXT_INCONSISTENT", "交易信息被篡改")


@transaction.atomic
def find(**which: str) -> Trade:
    """The trade a payer has seen, locked. Raises ``ApiError`` ACQ.TRADE_NOT_EXIST."""
    trade = Trade.objects.select_for_update().filter(**which).exclude(opened_at=None).first()
    if trade is None:
        raise wire.failed("TRADE_NOT_EXIST", "交易不存在")
    _let_time_pass(trade, timezone.now())
    return trade


@transaction.atomic
def open_for_payer(pk: int) -> Trade:
    """A payer looks at it."""
    trade = Trade.objects.select_for_update().get(pk=pk)
    if trade.opened_at is None and trade.is_payable(timezone.now()):
        trade.opened_at = timezone.now()
        trade.save(update_fields=["opened_at"])
    _let_time_pass(trade, timezone.now())
    return trade


@transaction.atomic
def pay(pk: int, at: datetime) -> bool:
    """A payer pays. Returns whether it could be paid; a second tap pays nothing."""
    trade = Trade.objects.select_for_update().get(pk=pk)
    if not trade.is_payable(at):
        return False
    trade.opened_at = trade.opened_at or at
    trade.status, trade.paid_at = TradeStatus.TRADE_SUCCESS, at
    trade.save(update_fields=["opened_at", "status", "paid_at"])
    tell(trade, at)
    return True


def close(which: dict[str, str]) -> Trade:
    """The merchant closes a trade that waits for its payer."""
    lock_unseen(which)  # stays, although the answer is no
    return _close_seen(which)


@transaction.atomic
def _close_seen(which: dict[str, str]) -> Trade:
    trade = find(**which)
    if trade.status != TradeStatus.WAIT_BUYER_PAY:
        raise wire.failed("TRADE_STATUS_ERROR", "交易状态不合法")
    shut(trade, timezone.now())
    return trade


def lock_unseen(which: dict[str, str]) -> None:
    """A precreated trade that nobody has seen can be paid no more."""
    unseen = Trade.objects.filter(**which, opened_at=None, product=Product.PRECREATE)
    unseen.update(is_locked=True)


def shut(trade: Trade, at: datetime) -> None:
    """Nothing can happen to it any more. Call with the row locked; tells nobody."""
    trade.status, trade.closed_at = TradeStatus.TRADE_CLOSED, at
    trade.save(update_fields=["status", "closed_at"])


def _let_time_pass(trade: Trade, at: datetime) -> None:
    """A trade whose time to pay is over is closed, and the merchant told."""
    if trade.opened_at and trade.status == TradeStatus.WAIT_BUYER_PAY and at >= trade.expires_at:
        shut(trade, at)
        tell(trade, at)


def close_overdue(at: datetime) -> None:
    """Close what nobody asks about either."""
    overdue = Trade.objects.filter(status=TradeStatus.WAIT_BUYER_PAY, expires_at__lte=at).exclude(
        opened_at=None
    )
    with transaction.atomic():
        for trade in overdue.select_for_update(skip_locked=True)[:100]:
            _let_time_pass(trade, at)


def tell(trade: Trade, at: datetime, refund: Refund | None = None) -> Notification | None:
    """Put a notification on the list, with whatever is told to go wrong with it."""
    if not trade.notify_url:
        return None
    return Notification.objects.create(
        out_trade_no=trade.out_trade_no,
        url=trade.notify_url,
        fields=shapes.notification_fields(trade, refund),
        **ways_to_go_wrong(Fault, at),
    )
