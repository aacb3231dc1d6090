"""Two people publish, approve or press twice at the same moment, on two real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import connection

from kernel.errors import DomainError
from pricing.models import Price, PriceImport, PriceRevision
from pricing.operations import revising
from pricing.states import RevisionState
from tests.factories import revisions as made
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.factories.revisions import AT, NEW_YEAR

LATER = AT + timedelta(minutes=5)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What came of each: "done", or the code of the refusal; in order of the words."""
    start = Barrier(len(acts))

    def carry_out(act: Callable[[], object]) -> str:
        try:
            start.wait(timeout=10)
            act()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(carry_out, acts))


def ready(*rows: object) -> PriceRevision:
    first, second = made.drafter(), made.reviewer()
    revision = made.draft(by=first)
    made.put(revision, *rows, by=first)  # type: ignore[arg-type]
    return made.reviewed(revision, by=first, second=second)


def publishing(revision: PriceRevision) -> Callable[[], object]:
    by = revision.reviewed_by
    return lambda: revising.publish(revision_id=revision.pk, by=by, at=LATER)


@pytest.mark.parametrize("round_number", range(3))
def test_pressing_publish_twice_publishes_once(round_number: int) -> None:
    old = PriceFactory()
    revision = ready(made.row(old.item))
    assert at_once(publishing(revision), publishing(revision)) == ["done", "illegal_transition"]
    assert Price.objects.known().count() == 2


@pytest.mark.parametrize("round_number", range(3))
def test_of_two_revisions_of_one_price_the_second_is_asked_to_look_again(round_number: int) -> None:
    old = PriceFactory()
    one, other = ready(made.row(old.item)), ready(made.row(old.item, amount=Decimal(13)))
    assert at_once(publishing(one), publishing(other)) == ["done", "revision_refused"]
    states = PriceRevision.objects.values_list("state", flat=True)
    assert sorted(states) == [RevisionState.PUBLISHED, RevisionState.REVIEWED]
    held = Price.objects.known().filter(effective__contains=NEW_YEAR)
    assert held.count() == 1


def test_two_first_prices_of_one_scope_become_one() -> None:
    item = PriceItemFactory()
    one, other = ready(made.row(item)), ready(made.row(item, begin=date(2027, 2, 1)))
    # Whichever comes first: the other would take days that its drafter believed to be free.
    assert at_once(publishing(one), publishing(other)) == ["done", "revision_refused"]
    days = [price.effective for price in Price.objects.known().filter(item=item).order_by("effective")]
    assert all(before.upper == after.lower for before, after in pairwise(days))


def test_revisions_of_two_prices_in_opposite_order_never_block_each_other() -> None:
    a, b = PriceFactory(), PriceFactory()
    one = ready(made.row(a.item), made.row(b.item))
    other = ready(made.row(b.item, begin=date(2027, 3, 1)), made.row(a.item, begin=date(2027, 3, 1)))
    assert "done" in at_once(publishing(one), publishing(other))


def test_publishing_and_changing_a_row_end_in_one_or_the_other() -> None:
    revision = ready(made.row())
    row = revision.rows.get()
    row.amount = Decimal(99)
    by = revision.drafted_by
    result = at_once(
        publishing(revision), lambda: revising.put_row(revision_id=revision.pk, row=row, by=by, at=AT)
    )
    assert result == ["done", "illegal_transition"]
    revision.refresh_from_db()
    amounts = [price.amount for price in Price.objects.known()]
    if revision.state == RevisionState.PUBLISHED:
        assert amounts == [Decimal("12.5")]
    else:
        assert (revision.state, amounts) == (RevisionState.DRAFT, [])


def test_two_drafts_begun_at_once_get_two_numbers() -> None:
    by, document = made.drafter(), PriceFactory().document
    begin = lambda: made.draft(by=by, document=document)  # noqa: E731
    assert at_once(begin, begin) == ["done", "done"]
    assert len(set(PriceRevision.objects.values_list("number", flat=True))) == 2


def test_a_file_taken_twice_at_once_is_taken_once() -> None:
    by, item = made.drafter(), PriceItemFactory()
    revision = made.draft(by=by)
    content = f"项目代码,金额,生效日期\n{item.code},12.5,2027-01-01\n".encode()
    found = revising.receive_import(revision_id=revision.pk, file_name="a.csv", content=content, by=by, at=AT)
    take = lambda: revising.take_import(import_id=found.pk, by=by, at=AT)  # noqa: E731
    assert at_once(take, take) == ["done", "done"]
    assert revision.rows.count() == 1
    assert PriceImport.objects.get().state == "taken"
