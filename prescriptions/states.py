"""Lives of a prescription, of its circulation among pharmacies, and of what is reported to the insurer."""

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


class CirculationState(StrEnum):
    """Where a prescription stands at the e-prescription centre (医保电子处方中心)."""

    OPENED = "opened"
    """To be checked there (D001)."""
    CHECKED = "checked"
    """It has its numbers; to be signed (D002)."""
    SIGNED = "signed"
    """The original is signed; to be uploaded (D003)."""
    UPLOADING = "uploading"
    """D003 is sent or about to be: whether it is in force there is not known."""
    UNCONFIRMED = "unconfirmed"
    """D003 was not answered: asked about by D005, never uploaded again before."""
    CIRCULATING = "circulating"
    """In force: any designated pharmacy can hand it out."""
    WITHDRAWING = "withdrawing"
    """D004 is sent or about to be."""
    WITHDRAWAL_UNCONFIRMED = "withdrawal_unconfirmed"
    """D004 was not answered."""
    REFUSED = "refused"
    """The centre does not take it; the hospital's own pharmacy still can."""
    WITHDRAWN = "withdrawn"
    """Not in force there, or never was."""
    TAKEN = "taken"
    """A pharmacy has handed it out."""
    LAPSED = "lapsed"
    """Its days are over and nobody took it."""


class CirculationEvent(StrEnum):
    """What can happen to it."""

    CHECK = "check"
    SIGN = "sign"
    UPLOAD = "upload"
    LOSE = "lose"
    """No answer."""
    CONFIRM = "confirm"
    """In force, said by D003 or D005."""
    MISS = "miss"
    """D005 knows of no such prescription: the upload never arrived."""
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    """It is wanted back."""
    RELEASE = "release"
    """Not in force any more, said by D004 or D005."""
    TAKE = "take"
    LAPSE = "lapse"
    RETRY = "retry"
    """A person has mended what the centre refused."""


_C, _D = CirculationState, CirculationEvent

CIRCULATION = Workflow(
    "Circulation",
    {
        (_C.OPENED, _D.CHECK): _C.CHECKED,
        (_C.OPENED, _D.REFUSE): _C.REFUSED,
        (_C.OPENED, _D.RELEASE): _C.WITHDRAWN,
        (_C.OPENED, _D.LAPSE): _C.LAPSED,
        (_C.CHECKED, _D.SIGN): _C.SIGNED,
        (_C.CHECKED, _D.REFUSE): _C.REFUSED,
        (_C.CHECKED, _D.RELEASE): _C.WITHDRAWN,
        (_C.CHECKED, _D.LAPSE): _C.LAPSED,
        (_C.SIGNED, _D.UPLOAD): _C.UPLOADING,
        (_C.SIGNED, _D.RELEASE): _C.WITHDRAWN,
        (_C.SIGNED, _D.LAPSE): _C.LAPSED,
        (_C.UPLOADING, _D.CONFIRM): _C.CIRCULATING,
        (_C.UPLOADING, _D.REFUSE): _C.REFUSED,
        (_C.UPLOADING, _D.LOSE): _C.UNCONFIRMED,
        (_C.UNCONFIRMED, _D.CONFIRM): _C.CIRCULATING,
        (_C.UNCONFIRMED, _D.MISS): _C.SIGNED,
        (_C.UNCONFIRMED, _D.RELEASE): _C.WITHDRAWN,
        (_C.UNCONFIRMED, _D.TAKE): _C.TAKEN,
        (_C.UNCONFIRMED, _D.LAPSE): _C.LAPSED,
        (_C.CIRCULATING, _D.WITHDRAW): _C.WITHDRAWING,
        (_C.CIRCULATING, _D.RELEASE): _C.WITHDRAWN,
        (_C.CIRCULATING, _D.TAKE): _C.TAKEN,
        (_C.CIRCULATING, _D.LAPSE): _C.LAPSED,
        (_C.WITHDRAWING, _D.RELEASE): _C.WITHDRAWN,
        (_C.WITHDRAWING, _D.LOSE): _C.WITHDRAWAL_UNCONFIRMED,
        (_C.WITHDRAWING, _D.TAKE): _C.TAKEN,
        (_C.WITHDRAWING, _D.LAPSE): _C.LAPSED,
        (_C.WITHDRAWAL_UNCONFIRMED, _D.RELEASE): _C.WITHDRAWN,
        (_C.WITHDRAWAL_UNCONFIRMED, _D.WITHDRAW): _C.WITHDRAWING,
        (_C.WITHDRAWAL_UNCONFIRMED, _D.TAKE): _C.TAKEN,
        (_C.WITHDRAWAL_UNCONFIRMED, _D.LAPSE): _C.LAPSED,
        (_C.REFUSED, _D.RETRY): _C.OPENED,
        (_C.REFUSED, _D.RELEASE): _C.WITHDRAWN,
        (_C.REFUSED, _D.LAPSE): _C.LAPSED,
    },
)

NEVER_IN_FORCE = frozenset({_C.OPENED, _C.CHECKED, _C.SIGNED, _C.REFUSED})
"""No pharmacy can have it yet: it is withdrawn without asking anybody."""

CLOSED = frozenset({_C.WITHDRAWN, _C.TAKEN, _C.LAPSED})
"""No pharmacy can hand it out any more."""


class ReportState(StrEnum):
    """Where something stands that the insurer is told afterwards (4301, 3505, 3506)."""

    WAITING = "waiting"
    UNANSWERED = "unanswered"
    """Sent; sent again under the same number."""
    REPORTED = "reported"
    REFUSED = "refused"


class ReportEvent(StrEnum):
    """What can happen to it."""

    ACCEPT = "accept"
    LOSE = "lose"
    REFUSE = "refuse"
    RETRY = "retry"


_R, _T = ReportState, ReportEvent

REPORT = Workflow(
    "InsurerReport",
    {
        (_R.WAITING, _T.ACCEPT): _R.REPORTED,
        (_R.WAITING, _T.LOSE): _R.UNANSWERED,
        (_R.WAITING, _T.REFUSE): _R.REFUSED,
        (_R.UNANSWERED, _T.ACCEPT): _R.REPORTED,
        (_R.UNANSWERED, _T.LOSE): _R.UNANSWERED,
        (_R.UNANSWERED, _T.REFUSE): _R.REFUSED,
        (_R.REFUSED, _T.RETRY): _R.WAITING,
    },
)
