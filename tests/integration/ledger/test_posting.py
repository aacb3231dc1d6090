"""Posting in one step and in two, reversing, and saying everything twice."""

import contextlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from ledger import queries
from ledger.errors import LedgerRefused
from ledger.models import Account, Entry, Posting
from ledger.operations import confirm, post, reserve, reverse, void
from ledger.queries import Balance
from ledger.rules import AccountKey, AccountKind, EntryLine
from registry.models import Institution
from tests.factories.ledger import AT, BILL, CONSULTATION, DAY, INSURER, PAID, PATIENT, WECHAT, lines, said
from tests.factories.registry import InstitutionFactory

ANNOUNCED = "bill:B1:opened"
SETTLED: dict[str, Any] = {"key": "bill:B1:settled", "pending_key": ANNOUNCED, "on": DAY, "at": AT}
VOIDED: dict[str, Any] = SETTLED | {"key": "bill:B1:voided"}
REVERSED: dict[str, Any] = {
    "key": "bill:B1:reversed",
    "posting_key": ANNOUNCED,
    "on": DAY,
    "at": AT,
    "reason": "opened twice",
}

Settle = Callable[..., Posting]


def _balance(hospital: Institution, account: AccountKey) -> tuple[str, str]:
    found = queries.balance(hospital.pk, account)
    return str(found.posted), str(found.pending)


def _rules(caught: pytest.ExceptionInfo[LedgerRefused]) -> list[str]:
    return [violation.rule for violation in caught.value.violations]


def test_what_is_posted_counts_at_once(hospital: Institution) -> None:
    posting = post(**said(hospital.pk))

    assert posting.on == DAY
    assert _balance(hospital, PATIENT) == ("12.34", "0.00")
    assert _balance(hospital, CONSULTATION) == ("-50.00", "0.00")


def test_an_account_nothing_was_posted_to_holds_zero(hospital: Institution) -> None:
    assert queries.balance(hospital.pk, WECHAT) == Balance(Decimal(0), Decimal(0))


def test_what_is_announced_is_pending_and_does_not_count(hospital: Institution) -> None:
    reserve(**said(hospital.pk))

    assert _balance(hospital, INSURER) == ("0.00", "37.66")


def test_what_is_confirmed_counts_and_is_not_pending_any_more(hospital: Institution) -> None:
    announced = reserve(**said(hospital.pk))

    posting = confirm(**SETTLED)

    assert (posting.resolves_id, posting.subject, posting.kind) == (announced.pk, "B1", "bill_opened")
    assert _balance(hospital, PATIENT) == ("12.34", "0.00")


def test_what_is_voided_is_as_if_it_had_never_been(hospital: Institution) -> None:
    reserve(**said(hospital.pk))

    void(**VOIDED)

    assert _balance(hospital, PATIENT) == ("0.00", "0.00")
    assert [posting.phase for posting in queries.entries_of("B1")] == ["pending", "voided"]


def test_what_is_reversed_leaves_both_postings_and_no_balance(hospital: Institution) -> None:
    posted = post(**said(hospital.pk))

    reversal = reverse(**REVERSED)

    assert (reversal.reverses_id, reversal.reason) == (posted.pk, "opened twice")
    assert _balance(hospital, INSURER) == ("0.00", "0.00")
    assert Posting.objects.count() == 2


def test_a_confirmed_posting_can_be_reversed(hospital: Institution) -> None:
    reserve(**said(hospital.pk))
    confirm(**SETTLED)

    reverse(**REVERSED | {"posting_key": SETTLED["key"]})

    assert _balance(hospital, PATIENT) == ("0.00", "0.00")


@pytest.mark.parametrize("settle", [confirm, void])
def test_everything_said_twice_is_done_once(hospital: Institution, settle: Settle) -> None:
    first = [reserve(**said(hospital.pk)), settle(**SETTLED), post(**said(hospital.pk, key="other"))]
    first.append(reverse(**REVERSED | {"posting_key": "other"}))

    again = [reserve(**said(hospital.pk)), settle(**SETTLED), post(**said(hospital.pk, key="other"))]
    again.append(reverse(**REVERSED | {"posting_key": "other"}))

    assert [posting.pk for posting in again] == [posting.pk for posting in first]
    assert Entry.objects.count() == 4 * 3


def test_the_order_of_lines_does_not_matter_when_they_are_said_again(hospital: Institution) -> None:
    first = post(**said(hospital.pk))

    assert post(**said(hospital.pk, lines=list(reversed(BILL)))) == first


@pytest.mark.parametrize(
    "other",
    [
        {"lines": lines((PATIENT, "12.35"), (INSURER, "37.65"), (CONSULTATION, "-50.00"))},
        {"lines": BILL[:0] + PAID},
        {"subject": "B2"},
        {"kind": "bill_settled"},
    ],
)
def test_lg_04_the_same_key_with_other_content_is_refused(hospital: Institution, other: dict) -> None:
    post(**said(hospital.pk))

    with pytest.raises(LedgerRefused) as caught:
        post(**said(hospital.pk, **other))

    assert _rules(caught) == ["LG-04"]


def test_lg_04_the_key_of_an_announcement_posts_nothing(hospital: Institution) -> None:
    reserve(**said(hospital.pk))

    with pytest.raises(LedgerRefused) as caught:
        post(**said(hospital.pk))

    assert _rules(caught) == ["LG-04"]


@pytest.mark.parametrize(
    ("first", "then"), [(confirm, void), (void, confirm), (confirm, confirm), (void, void)]
)
def test_lg_05_an_announcement_is_resolved_once(hospital: Institution, first: Settle, then: Settle) -> None:
    reserve(**said(hospital.pk))
    first(**SETTLED)

    with pytest.raises(LedgerRefused) as caught:
        then(**VOIDED)

    assert _rules(caught) == ["LG-05"]


def test_lg_05_what_was_never_announced_cannot_be_confirmed(hospital: Institution) -> None:
    post(**said(hospital.pk))

    for key in (ANNOUNCED, "nothing"):
        with pytest.raises(LedgerRefused) as caught, transaction.atomic():
            confirm(**SETTLED | {"pending_key": key})
        assert _rules(caught) == ["LG-05"]


def test_lg_06_a_posting_is_reversed_once(hospital: Institution) -> None:
    post(**said(hospital.pk))
    reverse(**REVERSED)

    with pytest.raises(LedgerRefused) as caught:
        reverse(**REVERSED | {"key": "bill:B1:again"})

    assert _rules(caught) == ["LG-06"]


def test_lg_06_an_announcement_is_not_reversed(hospital: Institution) -> None:
    reserve(**said(hospital.pk))

    with pytest.raises(LedgerRefused) as caught:
        reverse(**REVERSED)

    assert _rules(caught) == ["LG-06"]


def test_a_refused_posting_leaves_nothing(hospital: Institution) -> None:
    with pytest.raises(LedgerRefused), transaction.atomic():
        post(**said(hospital.pk, lines=PAID[:1]))

    assert (Posting.objects.count(), Account.objects.count()) == (0, 0)


def test_an_event_whose_posting_is_refused_does_not_happen(hospital: Institution) -> None:
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        hospital.phone = "the event"
        hospital.save()
        with contextlib.suppress(LedgerRefused):
            post(**said(hospital.pk, lines=PAID[:1]))
        hospital.refresh_from_db()

    hospital.refresh_from_db()
    assert hospital.phone != "the event"


def test_each_institution_has_books_of_its_own(hospital: Institution) -> None:
    invited = InstitutionFactory(code="H33010000002", agreements=False)
    post(**said(hospital.pk))
    post(**said(invited.pk, key="their bill"))

    assert _balance(hospital, PATIENT) == _balance(invited, PATIENT) == ("12.34", "0.00")
    both = {row.account: row.balance for row in queries.trial_balance(None, through=None)}
    assert both[PATIENT] == Decimal("24.68")


def _long_bill(count: int) -> list[EntryLine]:
    charged = [AccountKey(AccountKind.REVENUE, category=f"category {n}") for n in range(count)]
    return [*lines((PATIENT, f"{count}.00")), *lines(*((account, "-1.00") for account in charged))]


@pytest.mark.parametrize("settle", [False, True])
def test_ten_lines_and_a_hundred_take_the_same_six_statements_or_fewer(
    hospital: Institution, settle: bool
) -> None:
    counts = []
    for lines_of_bill in (10, 100):
        for again in range(2):  # first with accounts that must be made
            key = f"{lines_of_bill}-{again}"
            with CaptureQueriesContext(
                connection,
            ) as posting:
                reserve(**said(hospital.pk, key=key, lines=_long_bill(lines_of_bill)))
            with CaptureQueriesContext(connection) as confirming:
                confirm(**SETTLED | {"key": f"{key} settled", "pending_key": key})
            counts.append((len(posting), len(confirming)))

    assert counts[0] == counts[2]
    assert counts[1] == counts[3]
    assert max(map(max, counts)) <= 6
