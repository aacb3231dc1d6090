"""Closed days: what they keep, what comes late, and balances made of them."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import queries, tasks
from ledger.errors import LedgerRefused
from ledger.models import ClosedDay, Snapshot
from ledger.operations import close_days, confirm, post, reserve
from ledger.operations.closing import close_ended
from ledger.queries import Balance
from ledger.rules import AccountKey, AccountKind
from registry.models import Institution
from tests.factories.ledger import AT, CONSULTATION, DAY, INSURER, PAID, PATIENT, WECHAT, lines, said
from tests.factories.registry import InstitutionFactory

NEXT = DAY + timedelta(days=1)
LATER = AT + timedelta(days=5)
TEN = Decimal(10)


def _ten(day: date, hospital: Institution, key: str) -> None:
    post(**said(hospital.pk, key=key, on=day, lines=lines((PATIENT, "10"), (CONSULTATION, "-10"))))


def _close(hospital: Institution, through: date = DAY) -> ClosedDay:
    return close_days(institution_id=hospital.pk, through=through, at=LATER)


def test_a_closed_day_keeps_the_sums_of_its_accounts(hospital: Institution) -> None:
    post(**said(hospital.pk))
    post(**said(hospital.pk, key="paid", lines=PAID))

    _close(hospital)

    kept = {row.account.key: (row.debit, row.credit) for row in Snapshot.objects.select_related("account")}
    assert kept[PATIENT] == (Decimal("12.34"), Decimal("12.34"))
    assert kept[INSURER] == (Decimal("37.66"), Decimal(0))
    assert kept[CONSULTATION] == (Decimal(0), Decimal(50))


def test_what_comes_late_is_dated_to_the_first_open_day(hospital: Institution) -> None:
    _ten(DAY, hospital, "in time")
    _close(hospital, NEXT)

    late = post(**said(hospital.pk, key="late", lines=PAID))

    assert late.on == NEXT + timedelta(days=1)
    assert late.at == AT
    assert queries.balance(hospital.pk, WECHAT, through=NEXT).posted == 0
    assert queries.balance(hospital.pk, WECHAT).posted == Decimal("12.34")


def test_said_again_after_its_day_was_closed_it_is_still_the_same_posting(hospital: Institution) -> None:
    first = post(**said(hospital.pk))
    _close(hospital)

    assert post(**said(hospital.pk)) == first


def test_the_day_of_one_institution_closes_no_other_books(hospital: Institution) -> None:
    invited = InstitutionFactory(code="H33010000002", agreements=False)
    _close(hospital)

    assert post(**said(invited.pk)).on == DAY


def test_a_balance_counts_the_day_it_is_asked_for_and_no_later_one(hospital: Institution) -> None:
    days = [DAY + timedelta(days=n) for n in range(4)]
    for day in days:
        _ten(day, hospital, f"{day}")
    _close(hospital, days[0])
    _close(hospital, days[2])

    balances = [queries.balance(hospital.pk, PATIENT, through=day).posted for day in days]

    assert balances == [TEN, 2 * TEN, 3 * TEN, 4 * TEN]
    assert queries.balance(hospital.pk, PATIENT, through=DAY - timedelta(days=1)).posted == 0


def test_a_balance_within_days_that_were_closed_at_once_comes_from_their_snapshots(
    hospital: Institution,
) -> None:
    for number in range(4):
        _ten(DAY + timedelta(days=number), hospital, f"{number}")
    _close(hospital, DAY + timedelta(days=3))
    _past_the_triggers("DELETE FROM ledger_entry")

    balances = [
        queries.balance(hospital.pk, PATIENT, through=DAY + timedelta(days=n)).posted for n in range(4)
    ]

    assert balances == [TEN, 2 * TEN, 3 * TEN, 4 * TEN]
    assert queries.closed_through(hospital.pk, through=NEXT) == NEXT


def test_an_announcement_goes_over_the_end_of_a_day(hospital: Institution) -> None:
    reserve(**said(hospital.pk, key="announced"))
    _close(hospital)
    assert queries.balance(hospital.pk, PATIENT) == Balance(Decimal(0), Decimal("12.34"))

    confirm(key="settled", pending_key="announced", on=NEXT, at=AT)
    _close(hospital, NEXT)

    assert queries.balance(hospital.pk, PATIENT) == Balance(Decimal("12.34"), Decimal(0))
    assert queries.balance(hospital.pk, PATIENT, through=DAY) == Balance(Decimal(0), Decimal("12.34"))


def test_closing_a_day_twice_closes_it_once(hospital: Institution) -> None:
    _ten(DAY, hospital, "one")
    first = _close(hospital)

    assert _close(hospital) == first
    assert _close(hospital, DAY - timedelta(days=1)) == first
    assert Snapshot.objects.count() == 2


def test_lg_07_a_day_that_has_not_ended_is_not_closed(hospital: Institution) -> None:
    with pytest.raises(LedgerRefused) as caught:
        close_days(institution_id=hospital.pk, through=DAY, at=AT)

    assert [violation.rule for violation in caught.value.violations] == ["LG-07"]


def test_by_itself_a_day_is_closed_when_the_day_after_it_has_ended(hospital: Institution, settings) -> None:
    settings.LEDGER_DAYS_OPEN = 1
    _ten(DAY, hospital, "one")

    close_ended(at=AT + timedelta(days=1))
    assert queries.closed_through(hospital.pk) == DAY - timedelta(days=1)

    close_ended(at=AT + timedelta(days=2))
    assert queries.closed_through(hospital.pk) == DAY


def test_the_job_of_the_clock_closes_days(hospital: Institution) -> None:
    _ten(DAY - timedelta(days=400), hospital, "long ago")

    tasks.close_days()

    assert Snapshot.objects.count() == 2


def test_the_trial_balance_takes_one_statement_and_sums_to_zero(hospital: Institution) -> None:
    post(**said(hospital.pk))
    _close(hospital)
    post(**said(hospital.pk, key="paid", on=NEXT, lines=PAID))

    with CaptureQueriesContext(connection) as asked:
        rows = queries.trial_balance(hospital.pk, through=NEXT)

    assert len(asked) == 1
    assert sum(row.balance for row in rows) == 0
    assert {row.account: (row.debit, row.credit) for row in rows} == {
        PATIENT: (Decimal("12.34"), Decimal("12.34")),
        INSURER: (Decimal("37.66"), 0),
        WECHAT: (Decimal("12.34"), 0),
        CONSULTATION: (0, Decimal(50)),
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whenever_days_are_closed_a_balance_is_the_sum_of_what_was_posted(
    hospital: Institution, data: st.DataObject
) -> None:
    accounts = [AccountKey(AccountKind.REVENUE, category=letter) for letter in "abc"]
    days = [DAY + timedelta(days=n) for n in range(5)]
    posted: dict[tuple[AccountKey, date], Decimal] = defaultdict(Decimal)
    with transaction.atomic():
        for number, day in enumerate(data.draw(st.lists(st.sampled_from(days), max_size=8))):
            if data.draw(st.booleans()):
                _close(hospital, day - timedelta(days=1))
            one, other = data.draw(st.permutations(accounts))[:2]
            amount = Decimal(data.draw(st.integers(1, 999))) / 100
            moved = lines((one, str(amount)), (other, str(-amount)))
            done = post(**said(hospital.pk, key=str(number), on=day, lines=moved))
            posted[one, done.on] += amount
            posted[other, done.on] -= amount

        for through in days:
            found = {row.account: row.balance for row in queries.trial_balance(hospital.pk, through=through)}
            for account in accounts:
                sums = [
                    amount for (whose, on), amount in posted.items() if whose == account and on <= through
                ]
                assert found.get(account, 0) == sum(sums)
        transaction.set_rollback(True)


def _checked() -> tuple[int, str]:
    said_by_it = StringIO()
    try:
        call_command("check_ledger", stdout=said_by_it)
    except SystemExit as end:
        return int(end.code), said_by_it.getvalue()
    return 0, said_by_it.getvalue()


def _past_the_triggers(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT; SET CONSTRAINTS ALL DEFERRED")


def test_whole_books_are_said_to_be_right(hospital: Institution) -> None:
    _ten(DAY, hospital, "one")
    _close(hospital)

    assert _checked() == (0, f"{hospital.code} right: 1 postings, 2 accounts, sum 0.00, closed {DAY}\n")


def test_an_entry_that_was_changed_past_the_triggers_is_found(hospital: Institution) -> None:
    _ten(DAY, hospital, "the posting")
    _close(hospital)

    _past_the_triggers("UPDATE ledger_entry SET posted = 11 WHERE posted = 10")

    code, words = _checked()
    assert code == 1
    assert "posting does not balance: the posting, 1.00, expected 0" in words
    assert f"snapshot is not the sum of the entries: patient_receivable {DAY}, 10.00, expected 11.00" in words


def test_a_snapshot_that_is_missing_is_found(hospital: Institution) -> None:
    _ten(DAY, hospital, "the posting")
    _close(hospital)

    _past_the_triggers("DELETE FROM ledger_snapshot WHERE debit > 0")

    code, words = _checked()
    assert code == 1
    assert f"patient_receivable {DAY}, None, expected 10.00" in words


def test_what_was_announced_long_ago_and_never_resolved_is_told(hospital: Institution) -> None:
    reserve(**said(hospital.pk, at=AT - timedelta(days=365), key="forgotten"))

    code, words = _checked()

    assert code == 2
    assert "days: forgotten (B1)" in words
