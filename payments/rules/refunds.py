"""What may be given back, and what two persons may note: rules PY-10 to PY-17."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from payments.rules.orders import amount_violations


def refund_violations(
    *, is_paid: bool, paid: Decimal, under_way: Decimal, amount: Decimal
) -> list[Violation]:
    """PY-10: Only what was paid goes back; PY-11: and all refunds together are never more than was paid.

    Args:
        is_paid: whether the order was paid.
        paid: yuan that were paid.
        under_way: yuan of refunds that are done or may still be.
        amount: yuan asked for.

    Source: ours, and the channels refuse it too (WeChat Pay APIv3 refunds: sum of refunds at most the order).
    """
    if not is_paid:
        return [Violation("PY-10", _("This order was not paid; there is nothing to give back."))]
    if wrong := amount_violations(amount):
        return wrong
    left = paid - under_way
    if amount <= left:
        return []
    message = _("Only %(left)s yuan of this order can still be given back.") % {"left": left}
    return [Violation("PY-11", message, _("Please ask for no more than that."), field="amount")]


def same_key_violations(*, asked: Decimal | None, held: Decimal) -> list[Violation]:
    """PY-12: The same key is the same refund; with another amount it is a mistake.

    Source: ours; a repeated request must not become a second refund, nor silently another one.
    """
    if asked is None or asked == held:
        return []
    message = _("This refund was asked for already, with %(held)s yuan.") % {"held": held}
    return [Violation("PY-12", message, field="amount")]


def by_hand_violations(*, is_failed: bool, is_replaced: bool, reference: str) -> list[Violation]:
    """PY-13: A refund that failed, and was not asked for anew, may be completed by hand under a number that proves it.

    Source: ours; WeChat Pay sends ABNORMAL refunds to the merchant's pages, where a person completes them.
    """
    if not is_failed or is_replaced:
        message = _("Only a refund that failed, and was not asked for anew, is completed by hand.")
        return [Violation("PY-13", message)]
    if reference.strip():
        return []
    message = _("Under which number was it given back?")
    way_on = _("Please write the number that the channel's page shows.")
    return [Violation("PY-13", message, way_on, field="reference")]


def another_number_violations(*, is_held_back: bool) -> list[Violation]:
    """PY-16: A refund that lies at the channel is not asked for under another number.

    Source: WeChat Pay APIv3, refunds: one that ended ABNORMAL keeps its number, and its amount stays taken of the order.
    """
    if not is_held_back:
        return []
    way_on = _(
        "Please have it sent to another card of hers on the channel's merchant pages, or to the hospital's account, and note the number when she has been paid."
    )
    message = _(
        "The channel keeps this refund, because her account takes no money, and would refuse another one."
    )
    return [Violation("PY-16", message, way_on)]


def to_hospital_violations(*, is_abnormal: bool, is_noted: bool) -> list[Violation]:
    """PY-17: Only what lies at WeChat Pay comes to the hospital's account, and only while nobody noted it as given by hand.

    Source: WeChat Pay APIv3, 发起异常退款: of refunds whose status is ABNORMAL.
    """
    if is_abnormal and not is_noted:
        return []
    message = _(
        "Only a refund that WeChat Pay keeps, and that nobody has noted as given by hand, is sent there."
    )
    return [Violation("PY-17", message, _("Please look at it again."))]


def second_person_violations(*, is_noted: bool, is_same_person: bool) -> list[Violation]:
    """PY-14: What one person has noted as given back by hand a second person confirms.

    Source: ours; nobody alone may declare that money has left.
    """
    if is_noted and not is_same_person:
        return []
    way_on = _("Please ask a colleague.")
    return [Violation("PY-14", _("Another person than the one who noted it must confirm it."), way_on)]


def note_violations(note: str) -> list[Violation]:
    """PY-15: What was done about an incident is said in a few words.

    Source: ours; the next auditor was not there.
    """
    if len(note.strip()) >= 4:
        return []
    way_on = _("Please write what you found and where it can be seen.")
    return [Violation("PY-15", _("What was done is needed, in a few words."), way_on, field="note")]
