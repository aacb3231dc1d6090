"""Take a circulation as many steps as are due: each asks the centre outside transactions and records the answer."""

from collections.abc import Callable

from insurance.gateway.port import GatewayRefused, GatewayUnanswered
from insurance.gateway.prescribing.following import USED
from insurance.gateway.prescribing.port import NoSuchPrescription, NumberTaken, PrescriptionCentre
from kernel import clock
from prescriptions.models import Circulation
from prescriptions.operations.circulation import content, recording
from prescriptions.operations.circulation.centre import centre_of
from prescriptions.operations.circulation.journal import exchange
from prescriptions.operations.circulation.original import original_file
from prescriptions.operations.circulation.precheck import precheck_of
from prescriptions.operations.circulation.reading import facts_of, whole
from prescriptions.operations.circulation.turns import go_on, turn
from prescriptions.rules.circulation import Step, next_step
from prescriptions.states import CirculationEvent

MOST_STEPS = 8


def advance(*, circulation_id: int) -> None:
    """Do what is due, one step after the other; calls out, may be repeated by anybody at any time."""
    row = Circulation.objects.filter(pk=circulation_id)
    with turn(row) as mine:
        for _ in range(MOST_STEPS if mine else 0):
            circulation = whole(circulation_id)
            step = next_step(facts_of(circulation), clock.now())
            if step is None:
                return
            go_on(row)
            _take(step, circulation)


def _take(step: Step, circulation: Circulation) -> None:
    """One step; a refusal or silence of the centre is recorded, not raised."""
    try:
        _STEPS[step](circulation)
    except NumberTaken as refused:
        recording.number_taken(circulation.pk, refused.reason, at=clock.now())
    except GatewayRefused as refused:
        recording.refused(circulation.pk, refused.reason, at=clock.now())
    except GatewayUnanswered as silent:
        recording.unanswered(circulation.pk, silent.reason, at=clock.now())


def _way(circulation: Circulation) -> PrescriptionCentre:
    return centre_of(circulation.prescription.encounter.institution)


def _check(circulation: Circulation) -> None:
    reply = exchange(circulation, "D001", lambda: _way(circulation).precheck(precheck_of(circulation)))
    recording.checked(circulation.pk, reply, at=clock.now())


def _sign(circulation: Circulation) -> None:
    request = content.signature(circulation, original_file(circulation))
    reply = exchange(circulation, "D002", lambda: _way(circulation).sign(request))
    recording.signed(circulation.pk, reply, at=clock.now())


def _upload(circulation: Circulation) -> None:
    if not recording.begin(circulation.pk, CirculationEvent.UPLOAD, at=clock.now()):
        return
    reply = exchange(circulation, "D003", lambda: _way(circulation).upload(content.upload(circulation)))
    recording.held_as(circulation.pk, reply.status, at=clock.now())


def _withdraw(circulation: Circulation) -> None:
    if not recording.begin(circulation.pk, CirculationEvent.WITHDRAW, at=clock.now()):
        return
    at = clock.now()
    try:
        reply = exchange(
            circulation, "D004", lambda: _way(circulation).withdraw(content.withdrawal(circulation, at))
        )
    except GatewayRefused:
        # Taken meanwhile, withdrawn before, or over: the centre's own word decides.
        _follow(circulation)
        return
    recording.held_as(circulation.pk, reply.status, at=clock.now())


def _ask(circulation: Circulation) -> None:
    """D005, after silence or a killed worker."""
    recording.lost(circulation.pk, at=clock.now())
    question = content.question(circulation)
    try:
        held = exchange(circulation, "D005", lambda: _way(circulation).read(question))
    except NoSuchPrescription:
        recording.not_there(circulation.pk, at=clock.now())
        return
    if held.use == USED:
        _follow(circulation)
        return
    recording.held_as(circulation.pk, held.status, at=clock.now())


def _follow(circulation: Circulation) -> None:
    """D006 and D007."""
    question = content.question(circulation)
    review = exchange(circulation, "D006", lambda: _way(circulation).review_of(question))
    recording.reviewed(circulation.pk, review, at=clock.now())
    taking = exchange(circulation, "D007", lambda: _way(circulation).taking_of(question))
    recording.followed(circulation.pk, taking, at=clock.now())


def _close(event: CirculationEvent) -> Callable[[Circulation], None]:
    def close(circulation: Circulation) -> None:
        recording.close(circulation.pk, event, at=clock.now())

    return close


_STEPS: dict[Step, Callable[[Circulation], None]] = {
    Step.CHECK: _check,
    Step.SIGN: _sign,
    Step.UPLOAD: _upload,
    Step.WITHDRAW: _withdraw,
    Step.ASK: _ask,
    Step.FOLLOW: _follow,
    Step.RELEASE: _close(CirculationEvent.RELEASE),
    Step.LAPSE: _close(CirculationEvent.LAPSE),
}
