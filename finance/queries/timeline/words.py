"""Words for the acts in a bill's course."""

from django.utils.translation import gettext_lazy as _

from insurance.pages.words import ACTS
from kernel.errors import Text

QUOTED = _("Quoted: the prices and rules of that moment were kept")

_WORDS: dict[str, Text] = {
    "billing.bill.opened": _("Bill opened; its lines are frozen"),
    "billing.bill.settled": _("Bill settled: everything is paid"),
    "billing.bill.refunded": _("Bill refunded: everything is back"),
    "billing.bill.void": _("Bill void: it will never be charged"),
    "billing.bill.lines_returned": _("Lines of the bill given back"),
    "checkout.ask": _("The insurance is to be asked what it pays"),
    "checkout.estimate": _("Who pays what is known"),
    "checkout.decline": _("The insurance does not pay this bill"),
    "checkout.pay_self": _("The patient pays everything herself"),
    "checkout.start_payment": _("The patient confirmed the split and goes to pay"),
    "checkout.lapse": _("The payment order lapsed unpaid; she may try again"),
    "checkout.receive": _("Her share is in; the insurance is to settle"),
    "checkout.complete": _("Everything is paid"),
    "checkout.reverse": _("The insurance part is to go back"),
    "checkout.refund": _("Her share is to go back"),
    "checkout.finish_refund": _("Everything is back with those who paid"),
    "checkout.close": _("Ended before anything was paid"),
    "checkout.offer_again": _("Her share is back; she may pay all herself, or ask again"),
    "checkout.stand": _("The insurance keeps its settlement: everything stays paid"),
    "checkout.receive_late": _("Money came for a closed bill; it goes back"),
    "checkout.share_differs": _("The insurance settled another cash part than she paid"),
    "checkout.pushed": _("Pushed on by a person"),
    "checkout.stopped": _("Stopped by a person"),
    "payments.order.created": _("Payment order written"),
    "payments.order.paid": _("Paid at the channel"),
    "payments.order.closed": _("Order closed: it can never be paid any more"),
    "payments.order.contradicted": _("The channel stated another amount; it was not taken for a payment"),
    "payments.refund.requested": _("Refund written"),
    "payments.refund.processing": _("The channel is paying back"),
    "payments.refund.done": _("Paid back by the channel"),
    "payments.refund.failed": _("The channel cannot pay back; a person must look"),
    "payments.order.late": _("Paid after the order was closed; it goes back by itself"),
    "payments.refund.contradicted": _("The channel stated another amount of the refund"),
    "payments.refund.noted_by_hand": _(
        "Said to be paid back by hand at the channel; a second person confirms"
    ),
    "payments.refund.confirmed_by_hand": _("Paid back by hand at the channel, confirmed by a second person"),
    "payments.refund.withdrawn_by_hand": _("Not paid back by hand after all"),
    "refunds.request.requested": _("Refund asked for"),
    "refunds.request.approved": _("Refund agreed to"),
    "refunds.request.sending": _("Refund on its way: the insurance first, then the channel"),
    "refunds.request.done": _("Refund done: everything is back with those who paid"),
    "refunds.request.declined": _("Refund declined: nothing goes back"),
    "refunds.request.failed": _("Refund failed; a person must look"),
    "receipts.receipt.issued": _("Receipt issued"),
    "receipts.receipt.cancelled": _("Receipt taken out of force"),
    "receipts.receipt.fiscal_number": _("Fiscal number assigned"),
    "insurance.lines.returned": _("Lines taken out of the settlement"),
    "insurance.lines.return_given_up": _("The lines stay settled: the insurance takes nothing back"),
}


def words_of(action: str) -> Text:
    """What an act is called; one that has no words yet goes by its own name, so that nothing is left out."""
    if action.startswith("insurance.claim."):
        return ACTS.get(action.rpartition(".")[2], action)
    return _WORDS.get(action, action)
