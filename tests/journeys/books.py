"""What the hospital's own database says of a visit."""

from django.utils import translation
from django.utils.translation import gettext

from tests.live_stack import LiveStack

_OF_VISIT = "JOIN encounters_encounter e ON e.id = b.encounter_id WHERE e.number = %s"


def one(stack: LiveStack, statement: str, *values: object) -> object:
    """The one value that a statement gives."""
    (row,) = stack.query(statement, *values)
    return row[0]


def nobody_is_booked(stack: LiveStack) -> None:
    """No visit is open and every place is free: what an earlier journey left does not stand in the way of the next.

    Not through the product: that would send money back while the next journey counts it.
    """
    stack.query(
        "UPDATE consultations_revisit SET state = 'cancelled', ended_at = now()"
        " WHERE state IN ('preparing', 'waiting', 'in_progress') RETURNING id"
    )
    stack.query(
        "UPDATE consultations_place SET revisit_id = NULL, held_until = NULL"
        " WHERE revisit_id IS NOT NULL RETURNING id"
    )


def visit_at_insurer(stack: LiveStack, number: str) -> str:
    """The number under which the insurer knows a visit."""
    statement = "SELECT r.visit_number FROM insurance_visitregistration r JOIN encounters_encounter e ON e.id = r.encounter_id WHERE e.number = %s"
    return str(one(stack, statement, number))


def settlements(stack: LiveStack, number: str) -> list[bool]:
    """Our settlements of a visit, oldest first: whether each takes another back."""
    statement = f"SELECT s.reverses_id IS NOT NULL FROM insurance_settlement s JOIN insurance_claim c ON c.id = s.claim_id JOIN billing_bill b ON b.id = c.bill_id {_OF_VISIT} ORDER BY s.id"
    return [bool(reverses) for (reverses,) in stack.query(statement, number)]


def orders(stack: LiveStack, number: str) -> list[tuple[str, str]]:
    """Number and state of the payment orders of a visit, oldest first."""
    statement = f"SELECT o.number, o.state FROM payments_paymentorder o JOIN billing_bill b ON b.id = o.bill_id {_OF_VISIT} ORDER BY o.id"
    return [(str(order), str(state)) for order, state in stack.query(statement, number)]


def bills(stack: LiveStack, number: str, purpose: str) -> int:
    """How many bills of one purpose a visit has."""
    return len(
        stack.query(f"SELECT b.id FROM billing_bill b {_OF_VISIT} AND b.purpose = %s", number, purpose)
    )


def state_of_visit(stack: LiveStack, number: str) -> str:
    """Where the visit stands."""
    statement = "SELECT r.state FROM consultations_revisit r JOIN encounters_encounter e ON e.id = r.encounter_id WHERE e.number = %s"
    return str(one(stack, statement, number))


def words(sentence: str, **values: object) -> str:
    """What a sentence of the product is in Chinese, with its values put in."""
    with translation.override("zh-hans"):
        said = gettext(sentence)
    return said % values if values else said
