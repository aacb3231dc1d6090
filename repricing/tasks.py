"""Celery shells of simulations and corrections."""

from celery import shared_task

from repricing import operations

SECONDS = 20.0
"""Of work in one job, well below the limit of a task; what is left is a job of its own."""


@shared_task(name="repricing.simulate", ignore_result=True)
def simulate(simulation_id: int) -> None:
    """Go on with a simulation."""
    operations.simulate(simulation_id=simulation_id, seconds=SECONDS)


@shared_task(name="repricing.collect", ignore_result=True)
def collect(batch_id: int) -> None:
    """Go on listing what is to be corrected."""
    operations.collect(batch_id=batch_id, seconds=SECONDS)


@shared_task(name="repricing.carry_out", ignore_result=True)
def carry_out(batch_id: int) -> None:
    """Go on carrying out a batch."""
    operations.carry_out_next(batch_id=batch_id)
