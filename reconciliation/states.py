"""Lives of what reconciliation keeps: the comparison of a day, and a difference that it found."""

from enum import StrEnum

from kernel.workflow import Workflow


class ComparisonState(StrEnum):
    """Where one source of one day stands."""

    WAITING = "waiting"
    """It has not been compared yet."""
    RUNNING = "running"
    UNREACHED = "unreached"
    """The other side did not answer, or has no statement yet; it is asked again when due."""
    BALANCED = "balanced"
    """Both sides hold the same."""
    DIFFERING = "differing"
    """There are differences that nobody has closed."""
    CLEARED = "cleared"
    """There were differences, and every one is closed."""


class ComparisonEvent(StrEnum):
    """What happens to it."""

    BEGIN = "begin"
    MISS = "miss"
    """No statement was to be had."""
    BALANCE = "balance"
    DIFFER = "differ"
    CLEAR = "clear"


_C, _V = ComparisonState, ComparisonEvent

COMPARISON = Workflow(
    "Comparison",
    {
        (_C.WAITING, _V.BEGIN): _C.RUNNING,
        (_C.UNREACHED, _V.BEGIN): _C.RUNNING,
        (_C.BALANCED, _V.BEGIN): _C.RUNNING,
        (_C.DIFFERING, _V.BEGIN): _C.RUNNING,
        (_C.CLEARED, _V.BEGIN): _C.RUNNING,
        # Whoever ran it was ended in the middle; nothing was kept of that run.
        (_C.RUNNING, _V.BEGIN): _C.RUNNING,
        (_C.RUNNING, _V.MISS): _C.UNREACHED,
        (_C.RUNNING, _V.BALANCE): _C.BALANCED,
        (_C.RUNNING, _V.DIFFER): _C.DIFFERING,
        (_C.RUNNING, _V.CLEAR): _C.CLEARED,
        (_C.DIFFERING, _V.CLEAR): _C.CLEARED,
        (_C.CLEARED, _V.DIFFER): _C.DIFFERING,
    },
)


class DifferenceState(StrEnum):
    """Where a difference stands."""

    OPEN = "open"
    TAKEN = "taken"
    """Somebody is on it."""
    EXPLAINED = "explained"
    """Nothing is wrong; it is said why."""
    CORRECTED = "corrected"
    """Something was wrong; the entry that puts it right is written."""
    CLOSED = "closed"


class DifferenceEvent(StrEnum):
    """What happens to it."""

    TAKE = "take"
    RELEASE = "release"
    EXPLAIN = "explain"
    CORRECT = "correct"
    CLOSE = "close"
    REOPEN = "reopen"
    """A later run found it changed, or a person has second thoughts."""
    DISSOLVE = "dissolve"
    """A later run found that both sides agree."""


_D, _E = DifferenceState, DifferenceEvent

DIFFERENCE = Workflow(
    "Difference",
    {
        (_D.OPEN, _E.TAKE): _D.TAKEN,
        (_D.OPEN, _E.DISSOLVE): _D.CLOSED,
        (_D.TAKEN, _E.TAKE): _D.TAKEN,
        (_D.TAKEN, _E.RELEASE): _D.OPEN,
        (_D.TAKEN, _E.EXPLAIN): _D.EXPLAINED,
        (_D.TAKEN, _E.CORRECT): _D.CORRECTED,
        (_D.TAKEN, _E.DISSOLVE): _D.CLOSED,
        (_D.EXPLAINED, _E.CLOSE): _D.CLOSED,
        (_D.EXPLAINED, _E.REOPEN): _D.TAKEN,
        (_D.EXPLAINED, _E.DISSOLVE): _D.CLOSED,
        (_D.CORRECTED, _E.CLOSE): _D.CLOSED,
        (_D.CORRECTED, _E.REOPEN): _D.TAKEN,
        (_D.CORRECTED, _E.DISSOLVE): _D.CLOSED,
        (_D.CLOSED, _E.REOPEN): _D.OPEN,
    },
)
