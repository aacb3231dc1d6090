"""Steps from the books: every posting about the bill, with its entries."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy

from finance.queries.account_words import account_word, institution_names
from finance.queries.timeline.step import Sort, Step
from finance.queries.timeline.subjects import Subjects
from finance.rules.words import posting_word
from kernel.presentation import signed_money
from ledger.models import Posting
from ledger.queries import entries_of
from ledger.states import Phase


def postings_of(subjects: Subjects) -> Iterator[Step]:
    """Every posting about the bill and its return bills; two statements for each of them, and one for all."""
    names = institution_names()
    for bill in subjects.bills.values():
        postings = entries_of(bill.number)
        resolved = {posting.resolves_id for posting in postings}
        yield from (_step(posting, _kind(posting, resolved), names) for posting in postings)


def _kind(posting: Posting, resolved: Collection[int | None]) -> str:
    """What is announced, and neither counts nor was taken back yet, is still going on."""
    return "now" if posting.phase == Phase.PENDING and posting.pk not in resolved else "done"


_WHAT = {
    Phase.PENDING: gettext_lazy("Announced in the books: %(event)s"),
    Phase.POSTED: gettext_lazy("Booked: %(event)s"),
    Phase.VOIDED: gettext_lazy("No longer announced: %(event)s"),
}


def _step(posting: Posting, kind: str, names: Mapping[str, str]) -> Step:
    lines = [(entry.account.key, entry.posted or entry.pending) for entry in posting.entries.all()]
    return Step(
        at=posting.at,
        actor=posting.by.display_name if posting.by else "",
        what=_WHAT[Phase(posting.phase)] % {"event": posting_word(posting.kind)},
        amount=sum((amount for _account, amount in lines if amount > 0), Decimal(0)),
        message="\n".join(f"{account_word(key, names)} {signed_money(amount)}" for key, amount in lines),
        sort=Sort.BOOKS,
        kind=kind,
    )
