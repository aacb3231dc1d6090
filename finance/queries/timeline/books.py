"""Steps from the books: every posting about the bill, with its entries."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from finance.queries.timeline.step import Sort, Step
from finance.queries.timeline.subjects import Subjects
from finance.rules.words import account_word, posting_word
from kernel.presentation import signed_money
from ledger.models import Posting
from ledger.queries import entries_of
from ledger.states import Phase


def postings_of(subjects: Subjects) -> Iterator[Step]:
    """Every posting about the bill and its return bills; two statements for each of them."""
    for bill in subjects.bills.values():
        yield from map(_step, entries_of(bill.number))


def _step(posting: Posting) -> Step:
    lines = [(entry.account.key, entry.posted or entry.pending) for entry in posting.entries.all()]
    return Step(
        at=posting.at,
        actor=posting.by.display_name if posting.by else "",
        what=_("Booked: %(event)s") % {"event": posting_word(posting.kind)},
        amount=sum((amount for _account, amount in lines if amount > 0), Decimal(0)),
        message=" · ".join(f"{account_word(account)} {signed_money(amount)}" for account, amount in lines),
        sort=Sort.BOOKS,
        kind={Phase.PENDING: "now", Phase.VOIDED: "failed"}.get(Phase(posting.phase), "done"),
    )
