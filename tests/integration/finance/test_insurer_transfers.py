"""What the insurance transfers for a month: entered by one person, booked by another, once (FN-40 to FN-45)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from finance.models import InsurerTransfer
from finance.operations import books
from finance.operations.insurer_transfers import book_insurer_transfer, enter_insurer_transfer
from finance.queries.insurer_transfers import everything_owed, owed_for, taken_back
from insurance.models import Claim
from kernel import clock
from kernel.errors import RulesBroken
from ledger.models import Posting
from ledger.queries import balance
from ledger.rules import AccountKey, AccountKind
from tests.factories import reconciliation as made
from tests.factories.encounters import AT, EncounterFactory
from tests.integration.finance.conftest import LATER
from tests.integration.finance.test_midnight import midnight_after

pytestmark = pytest.mark.django_db
AGENCY = "330100"
MONTH = clock.day_of(AT).replace(day=1)
Entering = Callable[..., InsurerTransfer]
SHORT = {"amount": "8.00", "rest": "final", "explanation": "审核扣款，见拨付通知书第3号"}


@pytest.fixture
def claim(db: None) -> Claim:
    """Settled: the fund owes 7.00, her account 1.50, her family's 0.50; in the books."""
    claim = made.claim(at=AT)
    made.settlement(claim, at=AT, mutual_aid_amount=Decimal("0.50"))
    books.book_claim(claim.pk)
    return claim


def _institution(claim: Claim) -> int:
    return claim.bill.encounter.institution_id


def _typed(claim: Claim, **changes: str) -> dict[str, str]:
    return {
        "institution": str(_institution(claim)), "agency": AGENCY, "month": f"{MONTH:%Y-%m}", "amount": "9.00",
        "reference": "TX-9", "on": clock.day_of(AT).isoformat(), "rest": "", "explanation": "",
    } | changes  # fmt: skip


def _held(claim: Claim) -> dict[str, Decimal]:
    keys = {
        "bank": AccountKey(AccountKind.BANK),
        "differences": AccountKey(AccountKind.DIFFERENCES),
        **{
            payer: AccountKey(AccountKind.INSURER_RECEIVABLE, AGENCY, payer)
            for payer in ("fund", "account", "family")
        },
    }
    return {name: balance(_institution(claim), key).posted for name, key in keys.items()}


def _yuan(*amounts: str) -> dict[str, Decimal]:
    return dict(zip(("bank", "differences", "fund", "account", "family"), map(Decimal, amounts), strict=True))


def _booked(row: InsurerTransfer, colleague: User) -> None:
    book_insurer_transfer(transfer_id=row.pk, by=colleague, at=LATER)


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ({}, ("9.00", "0.00", "0.00", "0.00", "0.00")),
        (SHORT, ("8.00", "1.00", "0.00", "0.00", "0.00")),
        (SHORT | {"rest": "owed"}, ("8.00", "0.00", "0.78", "0.17", "0.05")),
        (SHORT | {"amount": "9.20"}, ("9.20", "-0.20", "0.00", "0.00", "0.00")),
    ],
    ids=["whole", "a part is refused", "a part is kept back", "more"],
)  # fmt: skip
def test_two_persons_move_what_arrived_from_the_insurance_to_the_bank(
    said: dict[str, str], held: tuple[str, ...], office: Client, colleague: User, claim: Claim
) -> None:
    assert office.post(reverse("finance:enter_insurer_transfer"), _typed(claim, **said)).status_code == 302
    assert _held(claim) == _yuan("0.00", "0.00", "7.00", "1.50", "0.50")
    row = InsurerTransfer.objects.get()
    url = reverse("finance:insurer_transfer_act", args=[row.number])
    office.post(url, {"act": "book"})
    assert not Posting.objects.filter(kind="insurer_paid_out").exists()  # FN-45
    office.force_login(colleague)
    for _click in range(2):
        office.post(url, {"act": "book"})
    assert _held(claim) == _yuan(*held)
    assert Posting.objects.get(kind="insurer_paid_out").on == clock.day_of(AT)


def test_what_was_kept_back_is_owed_until_it_arrives(clerk: User, colleague: User, claim: Claim) -> None:
    said: dict[str, Any] = {
        "institution_id": _institution(claim),
        "agency": AGENCY,
        "month": MONTH,
        "on": MONTH,
        "by": clerk,
        "at": LATER,
    }
    kept = enter_insurer_transfer(
        **said, amount=Decimal("8.00"), reference="TX-1", rest="owed", explanation="预留质量保证金"
    )
    _booked(kept, colleague)
    [owed] = everything_owed(today=clock.day_of(LATER))
    assert (owed.agency, owed.month, owed.amount) == (AGENCY, MONTH, Decimal("1.00"))
    rest = enter_insurer_transfer(**said, amount=Decimal("1.00"), reference="TX-2", rest="", explanation="")
    _booked(rest, colleague)
    assert everything_owed(today=clock.day_of(LATER)) == []
    assert _held(claim) == _yuan("9.00", "0.00", "0.00", "0.00", "0.00")


def test_a_month_is_that_of_the_insurers_day_and_what_was_taken_back_is_not_owed(claim: Claim) -> None:
    last = date(2026, 12, 31)
    settled = made.settlement(
        at=midnight_after(last) - timedelta(seconds=1), recorded_at=midnight_after(last)
    )
    institution = settled.institution_id
    december = owed_for(institution, AGENCY, last.replace(day=1))
    assert december == {(AGENCY, "fund"): Decimal("7.00"), (AGENCY, "account"): Decimal("2.00")}
    assert owed_for(institution, AGENCY, date(2027, 1, 1)) == {}
    made.settlement(at=midnight_after(last) + timedelta(hours=9), reverses=settled)
    january = owed_for(institution, AGENCY, date(2027, 1, 1))
    assert january == {account: -amount for account, amount in december.items()}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"amount": "8.00"}, "It is not the amount that is owed: 9.00."),
        ({"amount": "8.001"}, ""),
        ({"month": "2026-13"}, "Give a month as year-month"),
        ({"month": "2026-01"}, "owes nothing for this month"),
        ({"on": "2999-01-01"}, "This day is still to come."),
        ({"reference": ""}, ""),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_beside_what_was_typed(
    changes: dict[str, str], told: str, office: Client, claim: Claim
) -> None:
    reply = office.post(reverse("finance:enter_insurer_transfer"), _typed(claim, **changes))
    assert reply.status_code == 422
    assert told in reply.content.decode()
    assert not InsurerTransfer.objects.exists()


def test_the_same_money_is_entered_once_and_again_when_it_was_withdrawn(office: Client, claim: Claim) -> None:
    enter = reverse("finance:enter_insurer_transfer")
    assert [office.post(enter, _typed(claim)).status_code for _click in range(2)] == [302, 422]
    row = InsurerTransfer.objects.get()
    page = office.get(reverse("finance:insurer_transfers")).content.decode()
    assert row.number in page
    assert "waits for a second person" in page
    act = reverse("finance:insurer_transfer_act", args=[row.number])
    assert office.post(act, {"act": "withdraw", "reason": " "}).status_code == 422
    assert office.post(act, {"act": "withdraw", "reason": "月份写错"}).status_code == 302
    assert office.post(enter, _typed(claim)).status_code == 302


def test_a_row_of_what_is_owed_fills_the_form(office: Client, claim: Claim) -> None:
    asked = {"institution": str(_institution(claim)), "agency": AGENCY, "month": f"{MONTH:%Y-%m}"}
    page = office.get(reverse("finance:insurer_transfers"), asked).content.decode()
    assert f'value="{MONTH:%Y-%m}"' in page
    assert f'value="{AGENCY}"' in page


def test_the_database_holds_what_was_entered_and_the_two_persons(
    office: Client, clerk: User, claim: Claim
) -> None:
    office.post(reverse("finance:enter_insurer_transfer"), _typed(claim))
    rows = InsurerTransfer.objects.all()
    for change in (
        lambda: rows.update(amount="8.00"),
        lambda: rows.delete(),
        lambda: rows.get().lines.update(amount="1.00"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError, match="two_persons"), transaction.atomic():
        rows.update(state="booked", ended_by=clerk, ended_at=LATER)


def test_what_is_owed_takes_the_same_statements_however_much_there_is(claim: Claim) -> None:
    with CaptureQueriesContext(connection) as few:
        everything_owed(today=clock.day_of(LATER))
    for _more in range(3):
        made.settlement(at=AT)
    with CaptureQueriesContext(connection) as many:
        everything_owed(today=clock.day_of(LATER))
    assert len(many) == len(few)


def test_nobody_books_her_own(clerk: User, claim: Claim) -> None:
    row = enter_insurer_transfer(
        institution_id=_institution(claim), agency=AGENCY, month=MONTH, amount=Decimal("9.00"), reference="TX-1",
        on=MONTH, rest="", explanation="", by=clerk, at=LATER,
    )  # fmt: skip
    with pytest.raises(RulesBroken) as caught:
        book_insurer_transfer(transfer_id=row.pk, by=clerk, at=LATER)
    assert [one.rule for one in caught.value.violations] == ["FN-45"]


NEXT, AFTER = date(2026, 12, 1), date(2027, 1, 1)
"""December, in which all is taken back, and a January in which two more are settled."""


@pytest.fixture
def entering(claim: Claim, clerk: User, colleague: User) -> Entering:
    """November is transferred and booked, and taken back in December; January owes 18.00. To enter for January."""
    said: dict[str, Any] = {"institution_id": _institution(claim), "agency": AGENCY, "by": clerk}

    def enter(amount: str, **changes: Any) -> InsurerTransfer:
        told: dict[str, Any] = {
            "month": AFTER,
            "reference": "TX-2",
            "on": date(2027, 2, 10),
            "rest": "",
            "explanation": "",
        }
        at = midnight_after(date(2027, 2, 20))
        return enter_insurer_transfer(**said, amount=Decimal(amount), at=at, **(told | changes))

    _booked(enter("9.00", month=MONTH, reference="TX-1"), colleague)
    made.settlement(
        reverses=claim.settlements.get(), at=midnight_after(NEXT), mutual_aid_amount=Decimal("-0.50")
    )
    for _two in range(2):
        visit = EncounterFactory(institution=claim.bill.encounter.institution)
        later = made.claim(at=midnight_after(AFTER), encounter=visit)
        made.settlement(later, at=midnight_after(AFTER))
        books.book_claim(later.pk)
    books.book_claim(claim.pk)
    return enter


def _owed_by_month() -> dict[date, Decimal]:
    return {one.month: one.amount for one in everything_owed(today=date(2027, 2, 20))}


def test_a_month_below_zero_is_settled_with_the_transfer_it_is_deducted_from(
    entering: Entering, colleague: User, claim: Claim
) -> None:
    assert _owed_by_month() == {NEXT: Decimal("-9.00"), AFTER: Decimal("18.00")}
    row = entering("9.00")
    assert row.owed_amount == Decimal("9.00")
    assert {(line.month, line.payer, line.amount) for line in row.lines.all()} == {
        (NEXT, "fund", Decimal("-7.00")),
        (NEXT, "account", Decimal("-1.50")),
        (NEXT, "family", Decimal("-0.50")),
        (None, "fund", Decimal("14.00")),
        (None, "account", Decimal("4.00")),
    }
    _booked(row, colleague)
    assert _owed_by_month() == {}
    assert _held(claim) == _yuan("18.00", "0.00", "0.00", "0.00", "0.00")


def test_a_transfer_of_the_whole_month_leaves_the_month_below_zero_for_a_later_one(
    entering: Entering, colleague: User
) -> None:
    _booked(entering("18.00"), colleague)
    assert _owed_by_month() == {NEXT: Decimal("-9.00")}


def test_a_month_that_had_not_ended_when_the_transfer_arrived_is_not_deducted(entering: Entering) -> None:
    with pytest.raises(RulesBroken) as caught:
        entering("9.00", on=date(2026, 12, 31))
    assert [one.rule for one in caught.value.violations] == ["FN-43"]
    assert "18.00" in str(caught.value.violations[0].message)


def test_a_month_below_zero_is_deducted_once(entering: Entering, claim: Claim, office: Client) -> None:
    row = entering("9.00")
    with pytest.raises(RulesBroken) as caught:
        entering("1.00", month=NEXT, reference="TX-3")
    assert "FN-41" in [one.rule for one in caught.value.violations]
    beside = taken_back(_institution(claim), AGENCY, beside=date(2027, 2, 1), before=date(2027, 3, 10))
    assert beside == {}
    page = office.get(reverse("finance:insurer_transfers")).content.decode()
    assert f'<span class="num">{NEXT:%Y-%m}</span> Pays the fund' in page
    assert row.number in page


def test_what_is_owed_is_read_and_booked_one_after_the_other(
    entering: Entering, colleague: User, claim: Claim
) -> None:
    row = entering("9.00")
    for act in (lambda: _booked(row, colleague), lambda: entering("1.00", month=date(2027, 2, 1))):
        with CaptureQueriesContext(connection) as asked, suppress(RulesBroken):
            act()
        said = [one["sql"] for one in asked if one["sql"].startswith("SELECT")]
        assert "registry_institution" in said[0]
        assert "FOR NO KEY UPDATE" in said[0]
