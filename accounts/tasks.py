"""Celery shells of accounts."""

from celery import shared_task

from accounts import operations
from kernel import clock


@shared_task(name="accounts.send_code", ignore_result=True)
def send_code(code_id: int, sealed_digits: str) -> None:
    """Send a sign-in code."""
    operations.deliver_code(code_id=code_id, sealed_digits=sealed_digits, by=None, at=clock.now())


@shared_task(name="accounts.send_text", ignore_result=True)
def send_text(user_id: int, template: str, params: dict[str, str], key: str) -> None:
    """Send a notice."""
    operations.send_text(user_id=user_id, template=template, params=params, key=key, at=clock.now())
