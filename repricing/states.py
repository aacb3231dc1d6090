"""Lives of a simulation, of a batch of corrections, and of money to be paid back, as tables."""

from enum import StrEnum

from kernel.workflow import Workflow


class SimulationState(StrEnum):
    """Where a simulation stands."""

    WAITING = "waiting"
    """Asked for; no job has begun with it yet."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """It could not be finished; the reason is kept and it can be asked for again."""


class SimulationEvent(StrEnum):
    """What can happen to a simulation."""

    BEGIN = "begin"
    FINISH = "finish"
    FAIL = "fail"


SIMULATION: Workflow[SimulationState, SimulationEvent] = Workflow(
    "Simulation",
    {
        (SimulationState.WAITING, SimulationEvent.BEGIN): SimulationState.RUNNING,
        (SimulationState.WAITING, SimulationEvent.FAIL): SimulationState.FAILED,
        (SimulationState.RUNNING, SimulationEvent.FINISH): SimulationState.DONE,
        (SimulationState.RUNNING, SimulationEvent.FAIL): SimulationState.FAILED,
    },
)


class BatchState(StrEnum):
    """Where a batch of corrections stands."""

    COLLECTING = "collecting"
    """The charges that the corrected prices touch are being priced once more."""
    DRAFTED = "drafted"
    """Every difference is listed; lines may be left out, and a second person is to look."""
    REVIEWED = "reviewed"
    """A second person has agreed; nothing has been charged or paid back yet."""
    CARRYING_OUT = "carrying_out"
    """Supplementary bills and refunds are being written, bill by bill."""
    CARRIED_OUT = "carried_out"
    ABANDONED = "abandoned"
    """Nothing will come of it."""


class BatchEvent(StrEnum):
    """What can happen to a batch."""

    LIST = "list"
    COLLECT_AGAIN = "collect_again"
    APPROVE = "approve"
    RETURN = "return"
    CARRY_OUT = "carry_out"
    FINISH = "finish"
    ABANDON = "abandon"


_S, _E = BatchState, BatchEvent

BATCH: Workflow[BatchState, BatchEvent] = Workflow(
    "CorrectionBatch",
    {
        (_S.COLLECTING, _E.LIST): _S.DRAFTED,
        (_S.COLLECTING, _E.COLLECT_AGAIN): _S.COLLECTING,
        (_S.COLLECTING, _E.ABANDON): _S.ABANDONED,
        (_S.DRAFTED, _E.COLLECT_AGAIN): _S.COLLECTING,
        (_S.DRAFTED, _E.APPROVE): _S.REVIEWED,
        (_S.DRAFTED, _E.ABANDON): _S.ABANDONED,
        (_S.REVIEWED, _E.RETURN): _S.DRAFTED,
        (_S.REVIEWED, _E.CARRY_OUT): _S.CARRYING_OUT,
        (_S.REVIEWED, _E.ABANDON): _S.ABANDONED,
        (_S.CARRYING_OUT, _E.FINISH): _S.CARRIED_OUT,
    },
)


class PaybackState(StrEnum):
    """Where money stands that the money office is to pay back."""

    REQUESTED = "requested"
    """Written here; the money office pays it back by its own ways."""
    PAID_BACK = "paid_back"
    WITHDRAWN = "withdrawn"
    """The whole bill went back meanwhile; nothing is left to pay back."""


class PaybackEvent(StrEnum):
    """What can happen to it."""

    PAY = "pay"
    WITHDRAW = "withdraw"


PAYBACK: Workflow[PaybackState, PaybackEvent] = Workflow(
    "Payback",
    {
        (PaybackState.REQUESTED, PaybackEvent.PAY): PaybackState.PAID_BACK,
        (PaybackState.REQUESTED, PaybackEvent.WITHDRAW): PaybackState.WITHDRAWN,
    },
)
