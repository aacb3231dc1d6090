"""Life of a prescription."""

from enum import StrEnum

from kernel.workflow import Workflow


class PrescriptionState(StrEnum):
    """Where it stands; nothing is charged or dispensed before EFFECTIVE."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    """Signed by the doctor; waits for the pharmacist."""
    RETURNED = "returned"
    """The pharmacist sent it back with a reason; the doctor writes a new version."""
    EFFECTIVE = "effective"
    """Passed; may be charged."""
    PAID = "paid"
    """Everything is settled; may be dispensed."""
    DISPENSED = "dispensed"
    EXPIRED = "expired"
    """Not passed or not paid within its validity."""
    CANCELLED = "cancelled"


class PrescriptionEvent(StrEnum):
    """What can happen to it."""

    SUBMIT = "submit"
    PASS = "pass"  # noqa: S105 - no password
    RETURN = "return"
    PAY = "pay"
    DISPENSE = "dispense"
    EXPIRE = "expire"
    CANCEL = "cancel"


_S, _E = PrescriptionState, PrescriptionEvent

PRESCRIPTION = Workflow(
    "Prescription",
    {
        (_S.DRAFT, _E.SUBMIT): _S.SUBMITTED,
        (_S.DRAFT, _E.CANCEL): _S.CANCELLED,
        (_S.SUBMITTED, _E.PASS): _S.EFFECTIVE,
        (_S.SUBMITTED, _E.RETURN): _S.RETURNED,
        (_S.SUBMITTED, _E.EXPIRE): _S.EXPIRED,
        (_S.SUBMITTED, _E.CANCEL): _S.CANCELLED,
        (_S.RETURNED, _E.CANCEL): _S.CANCELLED,
        (_S.EFFECTIVE, _E.PAY): _S.PAID,
        (_S.EFFECTIVE, _E.EXPIRE): _S.EXPIRED,
        (_S.EFFECTIVE, _E.CANCEL): _S.CANCELLED,
        (_S.PAID, _E.DISPENSE): _S.DISPENSED,
        (_S.PAID, _E.CANCEL): _S.CANCELLED,
    },
)

PASSED = frozenset({_S.EFFECTIVE, _S.PAID, _S.DISPENSED})
"""States that only a passed review leads to."""

ENDED = frozenset({_S.RETURNED, _S.EXPIRED, _S.CANCELLED})
"""States after which the doctor may write another prescription for the visit."""
