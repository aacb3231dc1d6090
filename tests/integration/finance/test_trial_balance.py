"""The trial balance page: both sides agree, each account leads to its entries, and files say the same."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Role
from finance.queries.trial_balance import gap, movements, totals
from ledger.operations import close_days, post, reserve
from ledger.rules import AccountKey, AccountKind
from registry.models import Institution
from tests.factories.accounts import StaffFactory
from tests.factories.ledger import AT, CONSULTATION, DAY, PAID, PATIENT, WECHAT, lines, said
from tests.factories.registry import InstitutionFactory

pytestmark = pytest.mark.django_db
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def hospital() -> Institution:
    """Its bill of 50.00 on one day, her 12.34 on the next."""
    one = InstitutionFactory(agreements=False)
    post(**said(one.pk))
    post(**said(one.pk, key="paid", kind="share_received", on=NEXT, lines=PAID))
    return one


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(StaffFactory(role=Role.FINANCE))
    client.cookies["django_language"] = "en"
    return client


def _page(reader: Client, name: str = "trial_balance", *args: str, **asked: Any) -> str:
    reply = reader.get(reverse(f"finance:{name}", args=args), asked)
    assert reply.status_code == 200
    return reply.content.decode()


def _file(reply: Any) -> bytes:
    """What a browser would save."""
    return b"".join(reply.streaming_content)


def test_a_period_opens_with_what_was_before_and_closes_with_what_it_moved(hospital: Institution) -> None:
    rows = {row.account: row for row in movements(hospital.pk, NEXT, NEXT)}

    assert rows[PATIENT].columns == tuple(map(Decimal, ("12.34", "0", "0", "12.34", "0", "0")))
    assert rows[WECHAT].columns == tuple(map(Decimal, ("0", "0", "12.34", "0", "12.34", "0")))
    assert rows[CONSULTATION].columns == tuple(map(Decimal, ("0", "50", "0", "0", "0", "50")))


def test_both_sides_of_every_pair_of_columns_agree(hospital: Institution) -> None:
    sums = totals(movements(hospital.pk, NEXT, NEXT))

    assert sums == tuple(map(Decimal, ("50", "50", "12.34", "12.34", "50", "50")))
    assert gap(sums) == 0


def test_the_page_says_that_it_agrees_and_how_old_its_sums_are(reader: Client, hospital: Institution) -> None:
    close_days(institution_id=hospital.pk, through=DAY, at=AT + timedelta(days=5))

    page = _page(reader, institution=hospital.pk, first=DAY, last=NEXT)

    assert "Debits less credits sum to 0.00." in page
    assert "Sums are kept through 2026-11-20; what came later is added up now." in page
    assert "Owed by patients" in page
    assert "WeChat Pay" in page


def test_an_entry_put_in_past_the_triggers_is_said_to_be_wrong(reader: Client, hospital: Institution) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_entry SET posted = posted + 0.01 WHERE posted = 37.66")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT; SET CONSTRAINTS ALL DEFERRED")

    page = _page(reader, first=DAY, last=NEXT)

    assert "Debits and credits differ by ¥0.01." in page
    assert "sum to 0.00" not in page


def test_what_is_announced_stands_beside_and_is_not_counted(reader: Client, hospital: Institution) -> None:
    reserve(**said(hospital.pk, key="announced", lines=lines((PATIENT, "7.00"), (CONSULTATION, "-7.00"))))

    row = next(row for row in movements(hospital.pk, DAY, DAY) if row.account == PATIENT)

    assert (row.closing, row.pending) == (Decimal("12.34"), Decimal("7.00"))
    assert "¥7.00" in _page(reader, first=DAY, last=DAY)


def test_all_institutions_together_are_added_up(reader: Client, hospital: Institution) -> None:
    other = InstitutionFactory(code="H33010000002", agreements=False)
    post(**said(other.pk, key="their bill"))

    assert "¥24.68" in _page(reader, first=DAY, last=DAY)
    assert "¥24.68" not in _page(reader, institution=other.pk, first=DAY, last=DAY)


def test_the_entries_of_an_account_lead_to_their_bills(reader: Client, hospital: Institution) -> None:
    page = _page(reader, "account_entries", kind=PATIENT.kind, first=DAY, last=NEXT)

    assert reverse("finance:bill", args=["B1"]) in page
    assert "her share received" in page
    assert page.count("¥12.34") == 4  # a debit, a credit, and the sums of both


def test_entries_of_other_days_and_accounts_are_not_listed(reader: Client, hospital: Institution) -> None:
    page = _page(reader, "account_entries", kind=PATIENT.kind, first=NEXT, last=NEXT)

    assert "bill charged" not in page
    assert "¥37.66" not in page


def test_neither_page_sends_more_statements_for_more_rows(reader: Client, hospital: Institution) -> None:
    pages = [("trial_balance", {}), ("account_entries", {"kind": "patient_receivable"})]

    def _counts() -> list[int]:
        found = []
        for name, asked in pages:
            with CaptureQueriesContext(connection) as sent:
                _page(reader, name, first=DAY, last=NEXT, **asked)
            found.append(len(sent))
        return found

    _counts()
    before = _counts()
    for number in range(30):
        category = AccountKey(AccountKind.REVENUE, category=f"{number}")
        post(**said(hospital.pk, key=f"{number}", lines=lines((PATIENT, "1.00"), (category, "-1.00"))))

    assert _counts() == before


def test_the_file_holds_every_account_and_the_total(reader: Client, hospital: Institution) -> None:
    reply = reader.get(
        reverse("finance:trial_balance_export", args=["csv"]), {"first": f"{NEXT}", "last": f"{NEXT}"}
    )
    rows = list(csv.reader(io.StringIO(_file(reply).decode().lstrip("\ufeff"))))

    assert rows[0][:4] == ["Ledger account", "With whom, what for", "Opening debit", "Opening credit"]
    assert rows[1][:7] == ["Owed by patients", "", "12.34", "0.00", "0.00", "12.34", "0.00"]
    assert rows[-1] == ["Total", "", "50.00", "50.00", "12.34", "12.34", "50.00", "50.00", ""]


def test_the_workbook_holds_amounts_as_numbers(reader: Client, hospital: Institution) -> None:
    asked = {"first": f"{DAY}", "last": f"{NEXT}", "kind": "patient_receivable"}
    reply = reader.get(reverse("finance:entries_export", args=["xlsx"]), asked)
    sheet = load_workbook(io.BytesIO(_file(reply))).active

    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][4:6] == ("Debit", "Credit")
    assert [row[4:6] for row in rows[1:]] == [(0, 12.34), (12.34, 0)]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"first": "yesterday"}, "Give a day as year-month-day"),
        ({"first": "2026-11-21", "last": "2026-11-20"}, "The last day lies before the first."),
        ({"first": "0001-01-01"}, "There are no books of so long ago."),
        ({"institution": "0 OR 1"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_asked_is_told_beside_the_field(reader: Client, asked: dict, words: str) -> None:
    for name in ("trial_balance", "account_entries"):
        reply = reader.get(reverse(f"finance:{name}"), {"kind": "bank"} | asked)
        assert reply.status_code == 422
        assert words in reply.content.decode()


@pytest.mark.parametrize("asked", [{}, {"kind": "gold"}, {"kind": "bank\0"}])
def test_an_account_of_no_kind_is_not_found(reader: Client, asked: dict) -> None:
    assert reader.get(reverse("finance:account_entries"), asked).status_code == 404


def test_an_account_that_holds_nothing_is_shown_empty(reader: Client) -> None:
    assert "No entries in these days" in _page(reader, "account_entries", kind="bank", party="\0'")


def test_only_the_readers_of_the_finance_office_see_the_books(client: Client) -> None:
    names = [
        ("trial_balance", []),
        ("trial_balance_export", ["csv"]),
        ("account_entries", []),
        ("entries_export", ["csv"]),
    ]
    seen = {}
    for role in (
        Role.FINANCE,
        Role.INSURANCE_OFFICE,
        Role.ADMINISTRATOR,
        Role.REGULATOR,
        Role.DOCTOR,
        Role.PHARMACIST,
    ):
        client.force_login(StaffFactory(role=role))
        replies = [
            client.get(reverse(f"finance:{name}", args=args), {"kind": "bank"}) for name, args in names
        ]
        seen[role] = {reply.status_code for reply in replies}

    assert seen == {
        Role.FINANCE: {200},
        Role.INSURANCE_OFFICE: {200},
        Role.ADMINISTRATOR: {200},
        Role.REGULATOR: {200},
        Role.DOCTOR: {403},
        Role.PHARMACIST: {403},
    }
