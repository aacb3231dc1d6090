"""Find a bill by anything that names it: a number of ours or of the other side, a person, a telephone number."""

from dataclasses import dataclass
from functools import reduce

from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from billing.models import Bill
from insurance.models import Claim, Settlement
from kernel.crypto import fingerprint
from kernel.errors import Text
from kernel.identifiers import parse_id_number, parse_mobile
from payments.models import PaymentOrder, Refund
from receipts.models import Receipt
from refunds.models import RefundRequest

AT_MOST = 100
"""Bills; whoever finds more is asked to say more."""
SHORTEST = 4
"""Characters of a number; a name may be shorter."""

_Found = QuerySet[Bill, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A bill, and by what it was found."""

    bill: Bill
    by: tuple[Text, ...]


_BY: dict[str, Text] = {
    "bill": _("bill number"),
    "visit": _("visit number"),
    "order": _("order number"),
    "transaction": _("number at the channel"),
    "refund": _("refund number"),
    "claim": _("charge batch or message"),
    "settlement": _("settlement number at the insurer"),
    "receipt": _("receipt number"),
    "name": _("patient's name"),
    "identity": _("identity number"),
    "mobile": _("mobile number"),
}


def find(words: str) -> list[Hit]:
    """Bills that the words name, newest first, at most ``AT_MOST``; two statements, whatever is found.

    A number is taken whole or from its beginning, as far as an index serves; a name whole or from its beginning; an
    identity or mobile number only whole, since it lies encrypted. May be empty.
    """
    wanted = " ".join(words.split())
    if not wanted:
        return []
    rows = list(_union(_ways(wanted)).order_by("-pk")[: AT_MOST * 2])
    by: dict[int, list[Text]] = {}
    for pk, kind in rows:
        by.setdefault(pk, []).append(_BY[kind])
    bills = Bill.objects.select_related("encounter__patient", "encounter__institution", "checkout").in_bulk(
        list(by)[:AT_MOST]
    )
    return [Hit(bills[pk], tuple(by[pk])) for pk in sorted(bills, reverse=True)]


def _union(ways: list[_Found]) -> _Found:
    return reduce(lambda one, other: one.union(other), ways)


def _ways(wanted: str) -> list[_Found]:
    """What the words can be: a telephone or identity number is nothing else, a name has no digits."""
    if number := parse_id_number(wanted):
        return [_bills("identity", encounter__patient__id_fingerprint=fingerprint(number.value))]
    ways = []
    if mobile := parse_mobile(wanted):
        ways.append(_of_mobile(mobile))
    if not any(character.isdigit() for character in wanted):
        ways.append(_bills("name", encounter__patient__name__startswith=wanted))
    if len(wanted) >= SHORTEST:
        ways += _numbered(wanted)
    return ways or [Bill.objects.none().values_list("pk", Value(""))]


def _of_mobile(mobile: str) -> _Found:
    """Of whoever signs in with the number, and of those she acts for."""
    return _bills("mobile", encounter__patient__guardianships__user__mobile_fingerprint=fingerprint(mobile))


def _bills(kind: str, **named: object) -> _Found:
    return Bill.objects.filter(**named).order_by().values_list("pk", Value(kind))


def _numbered(wanted: str) -> list[_Found]:
    """By each kind of number; every one of them has an index."""
    return [
        _bills("bill", number__startswith=wanted.upper()),
        _bills("visit", encounter__number__startswith=wanted.upper()),
        _through(PaymentOrder, "order", Q(number__startswith=wanted.upper())),
        _through(PaymentOrder, "transaction", Q(transaction_id__startswith=wanted)),
        _through(Refund, "refund", _refund_numbers(wanted), bill="order__bill"),
        _through(RefundRequest, "refund", Q(number__startswith=wanted.upper())),
        _through(Claim, "claim", _claim_numbers(wanted)),
        _through(Settlement, "settlement", Q(number=wanted), bill="claim__bill"),
        _through(Receipt, "receipt", Q(number__startswith=wanted)),
    ]


def _refund_numbers(wanted: str) -> Q:
    return Q(number__startswith=wanted.upper()) | Q(channel_refund_id=wanted)


def _claim_numbers(wanted: str) -> Q:
    return Q(batch_number=wanted) | Q(settle_msgid=wanted) | Q(reverse_msgid=wanted)


def _through(model: type, kind: str, named: Q, bill: str = "bill") -> _Found:
    """Bills of the records of another kind that go by this number."""
    rows: _Found = model.objects.filter(named).order_by().values_list(f"{bill}_id", Value(kind))  # type: ignore[attr-defined]
    return rows
