"""Words for what stands in the books."""

from django.utils.translation import gettext_lazy as _

from finance.rules.postings import Kind
from kernel.errors import Text
from ledger.rules import AccountKind

ACCOUNTS: dict[AccountKind, Text] = {
    AccountKind.PATIENT_RECEIVABLE: _("Owed by patients"),
    AccountKind.INSURER_RECEIVABLE: _("Owed by the insurance"),
    AccountKind.CHANNEL_CLEARING: _("With the payment channels"),
    AccountKind.BANK: _("Bank"),
    AccountKind.REVENUE: _("Revenue"),
    AccountKind.ONSITE_FEE: _("On-site fees"),
    AccountKind.DELIVERY: _("Delivery"),
    AccountKind.REFUND_PAYABLE: _("Refunds to pay"),
    AccountKind.INSTITUTION_PAYABLE: _("Owed to other institutions"),
    AccountKind.PLATFORM: _("Platform"),
    AccountKind.HOSPITAL_BORNE: _("Borne by the hospital"),
    AccountKind.CHANNEL_FEE: _("Fees of the channels"),
    AccountKind.DIFFERENCES: _("Differences written off"),
}

POSTINGS: dict[Kind, Text] = {
    Kind.BILL_OPENED: _("bill charged"),
    Kind.HOSPITAL_BEARS: _("borne by the hospital"),
    Kind.REMOTE_SHARED: _("share of another institution"),
    Kind.SHARE_RECEIVED: _("her share received"),
    Kind.INSURER_SETTLED: _("insurance settled"),
    Kind.INSURER_REVERSED: _("insurance took it back"),
    Kind.LINES_RETURNED: _("lines returned"),
    Kind.BILL_GIVEN_BACK: _("bill given back"),
    Kind.OVERCHARGE_FOUND: _("overcharge found"),
    Kind.REFUND_REQUESTED: _("refund asked for"),
    Kind.REFUND_DONE: _("refund done"),
    Kind.REFUND_FAILED: _("refund failed"),
    Kind.PAID_BACK_BY_OFFICE: _("paid back by the money office"),
    Kind.CHANNEL_PAID_OUT: _("channel paid to the bank"),
    Kind.INSURER_PAID_OUT: _("insurance paid to the bank"),
    Kind.PAYOUT_PAID: _("paid to another institution"),
    Kind.DIFFERENCE_BOOKED: _("difference booked"),
}


def posting_word(kind: str) -> str:
    """What a posting tells of."""
    return str(POSTINGS[Kind(kind)]) if kind in list(Kind) else kind
