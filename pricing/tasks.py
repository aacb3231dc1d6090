"""Celery shells of pricing."""

from celery import shared_task

from accounts.models import User
from kernel import clock
from pricing.operations.revising.importing import put_import
from pricing.operations.revising.importing import read_import as read


@shared_task(name="pricing.read_price_import", ignore_result=True)
def read_price_import(import_id: int) -> None:
    """Read an uploaded table of prices."""
    read(import_id=import_id, at=clock.now())


@shared_task(name="pricing.put_price_import", ignore_result=True)
def put_price_import(import_id: int, replace_all: bool, by_id: int | None) -> None:  # noqa: FBT001
    """Put the rows of a table into its draft."""
    by = User.objects.filter(pk=by_id).first() if by_id else None
    put_import(import_id=import_id, replace_all=replace_all, by=by, at=clock.now())
