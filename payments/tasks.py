"""Celery shells of payments."""

from celery import shared_task

from kernel import clock
from payments.operations import closing, held_back, orders, refunds, sweeping


@shared_task(name="payments.place_order", ignore_result=True)
def place_order(order_id: int) -> None:
    """Place one order at the channel."""
    orders.place_order(order_id=order_id)


@shared_task(name="payments.ask_about_order", ignore_result=True)
def ask_about_order(order_id: int) -> None:
    """Ask the channel about one order."""
    orders.ask_about(order_id=order_id)


@shared_task(name="payments.close_order", ignore_result=True)
def close_order(order_id: int) -> None:
    """Close one order at the channel."""
    closing.close_order(order_id=order_id)


@shared_task(name="payments.send_refund", ignore_result=True)
def send_refund(refund_id: int) -> None:
    """Ask the channel for one refund."""
    refunds.send_refund(refund_id=refund_id)


@shared_task(name="payments.look_at_held_back", ignore_result=True)
def look_at_held_back(refund_id: int) -> None:
    """Ask the channel about one refund that lies there."""
    held_back.look(refund_id=refund_id)


@shared_task(name="payments.sweep", ignore_result=True)
def sweep() -> None:
    """Ask again about what is open."""
    sweeping.sweep(at=clock.now())
