"""The office's pages: days, a day, differences, one difference, exports."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from accounts.models import Role, User
from kernel.models import OutboxJob
from reconciliation.models import Comparison, Difference
from reconciliation.operations import working
from reconciliation.queries.days import comparisons_between, waiting_by_kind
from tests.factories import reconciliation as made
from tests.factories.accounts import StaffFactory
from tests.integration.reconciliation.conftest import Run

pytestmark = pytest.mark.django_db
DAY = made.DAY.isoformat()


@pytest.fixture
def office(client: Client, officer: User) -> Client:
    """She works here, in English."""
    client.force_login(officer)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def dearer(run: Run, played: made.Insurer) -> Difference:
    """They hold 12.00, we hold 10.00."""
    row = made.settlement()
    played.rows = [made.stated(row, "3", medfee_sumamt="12.00", fund_pay_sumamt="9.00")]
    return run().differences.get()


def _text(client: Client, address: str) -> str:
    reply = client.get(address)
    assert reply.status_code == 200
    return reply.content.decode()


def test_the_month_shows_each_day_with_its_sources_and_what_waits(office: Client, dearer: Difference) -> None:
    text = _text(office, f"{reverse('reconciliation:days')}?month=2026-11")

    assert "¥2.00" in text
    assert reverse("reconciliation:day", args=[DAY]) in text
    assert "Differences" in text


def test_a_month_that_is_none_shows_this_month(office: Client) -> None:
    assert office.get(reverse("reconciliation:days"), {"month": "2026-13"}).status_code == 200


def test_a_day_shows_sums_answers_runs_and_differences(office: Client, dearer: Difference) -> None:
    text = _text(office, reverse("reconciliation:day", args=[DAY]))

    assert "310 / 11 / 330100" in text
    assert "不一致" in text
    assert "Amounts differ" in text
    assert reverse("reconciliation:difference", args=[dearer.pk]) in text


@pytest.mark.parametrize("text", ["2026-02-30", "yesterday"])
def test_an_address_that_is_no_day_is_not_found(text: str, office: Client) -> None:
    assert office.get(reverse("reconciliation:day", args=[text])).status_code == 404


def test_a_person_orders_a_day_and_a_day_to_come_is_refused_beside_the_field(office: Client) -> None:
    address = reverse("reconciliation:compare_day")

    ordered = office.post(address, {"day": DAY})
    refused = office.post(address, {"day": "2099-01-01"})
    unreadable = office.post(address, {"day": "soon"})

    assert ordered["Location"] == reverse("reconciliation:day", args=[DAY])
    jobs = OutboxJob.objects.filter(task_name="reconciliation.compare")
    assert jobs.count() == Comparison.objects.filter(day=made.DAY).count() == 3
    assert (refused.status_code, unreadable.status_code) == (422, 422)
    assert "A day that has not begun cannot be compared." in refused.content.decode()
    assert not Comparison.objects.filter(day__year=2099).exists()


def test_comparing_one_source_again_enqueues_one_job(office: Client, dearer: Difference) -> None:
    OutboxJob.objects.all().delete()
    office.post(reverse("reconciliation:compare", args=[DAY]), {"comparison": dearer.comparison_id})
    assert [job.arguments["comparison_id"] for job in OutboxJob.objects.all()] == [dearer.comparison_id]


def test_a_difference_is_worked_through_on_its_page(
    office: Client, officer: User, dearer: Difference
) -> None:
    page, act = (reverse(f"reconciliation:{name}", args=[dearer.pk]) for name in ("difference", "act"))
    assert "Take it over" in _text(office, page)

    office.post(act, {"act": "take"})
    refused = office.post(
        act, {"act": "correct", "way": "undone_there", "reason": "They took it back", "reference": ""}
    )
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "What was done elsewhere needs its receipt, voucher or number." in shown
    assert "They took it back" in shown
    office.post(act, {"act": "correct", "way": "booked_here", "reason": "Calculated again", "reference": ""})
    assert "+ ¥2.00" in _text(office, page)
    office.post(act, {"act": "close"})

    dearer.refresh_from_db()
    assert (dearer.state, dearer.taken_by) == ("closed", officer)
    assert "Calculated again" in _text(office, page)


def test_an_act_in_the_wrong_state_is_told_and_changes_nothing(office: Client, dearer: Difference) -> None:
    reply = office.post(reverse("reconciliation:act", args=[dearer.pk]), {"act": "close"}, follow=True)
    assert "This step is not possible any more." in reply.content.decode()
    dearer.refresh_from_db()
    assert dearer.state == "open"


def test_who_only_reads_sees_no_acts_and_may_do_none(client: Client, dearer: Difference) -> None:
    client.force_login(StaffFactory(role=Role.FINANCE))
    client.cookies["django_language"] = "en"
    assert "Take it over" not in _text(client, reverse("reconciliation:difference", args=[dearer.pk]))
    assert client.post(reverse("reconciliation:act", args=[dearer.pk]), {"act": "take"}).status_code == 403


def test_the_list_is_narrowed_by_its_address(
    office: Client, officer: User, run: Run, played: made.Insurer
) -> None:
    missing, dearer = made.settlement(), made.settlement()
    played.rows = [
        made.stated(missing, "2"),
        made.stated(dearer, "3", medfee_sumamt="12.00", fund_pay_sumamt="9.00"),
    ]
    run()
    mine = Difference.objects.get(key=missing.number)
    working.take(difference_id=mine.pk, by=officer, at=made.NEXT_NIGHT)
    address = reverse("reconciliation:differences")

    def keys(**wanted: str) -> set[str]:
        text = office.get(address, wanted).content.decode()
        return {row.number for row in (missing, dearer) if row.number in text}

    both = {missing.number, dearer.number}
    assert keys() == both
    assert keys(kind="only_us") == {missing.number}
    assert keys(owner="mine") == {missing.number}
    assert keys(owner="nobody") == {dearer.number}
    assert keys(state="closed") == set()
    assert keys(source="channel") == set()
    assert keys(q=dearer.number[-4:]) == {dearer.number}
    assert keys(first=DAY, last=DAY) == both
    assert keys(last="2026-11-19") == set()
    assert keys(kind="nonsense", first="never") == both


def test_the_export_holds_both_sides_and_no_formula(office: Client, run: Run, played: made.Insurer) -> None:
    row = made.settlement()
    played.rows = [made.stated(row), made.stranger("=1+1")]
    run()

    reply = office.get(reverse("reconciliation:export", args=["csv"]))
    lines = list(csv.reader(io.StringIO(reply.getvalue().decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(office.get(reverse("reconciliation:export", args=["xlsx"])).content))
    sheet = [list(cells) for cells in book.active.iter_rows(values_only=True)]

    assert [len(line) for line in lines] == [len(lines[0])] * 2
    assert lines[1][0] == DAY
    assert lines[1][5] == "'=1+1"
    assert lines[1][12:16] == ["10.00", "7.00", "2.00", "1.00"]
    assert [Decimal(str(cell)) for cell in sheet[1][12:16]] == [Decimal(n) for n in ("10", "7", "2", "1")]
    assert office.get(reverse("reconciliation:export", args=["pdf"])).status_code == 404


@pytest.mark.parametrize("name", ["days", "day", "differences"])
def test_statements_do_not_grow_with_what_is_shown(
    name: str, office: Client, run: Run, played: made.Insurer
) -> None:
    arguments = [DAY] if name == "day" else []
    address = reverse(f"reconciliation:{name}", args=arguments)

    def statements() -> int:
        office.get(address)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            office.get(address)
        return len(caught)

    played.rows = [made.stated(made.settlement()), made.stranger("A1")]
    run()
    few = statements()
    played.rows += [made.stranger(f"A{number}", msgid=f"M{number}") for number in range(2, 14)]
    for back in range(4):
        run(day=made.DAY - timedelta(days=back))

    assert statements() == few


def test_the_pages_speak_chinese(client: Client, officer: User, dearer: Difference) -> None:
    client.force_login(officer)
    with override("zh-hans"):
        assert client.get(reverse("reconciliation:difference", args=[dearer.pk])).status_code == 200


def test_the_overview_tells_each_kind_with_amount_age_and_owner(
    office: Client, officer: User, run: Run, played: made.Insurer
) -> None:
    missing, dearer = made.settlement(), made.settlement()
    played.rows = [
        made.stated(missing, "2"),
        made.stated(dearer, "3", medfee_sumamt="12.00", fund_pay_sumamt="9.00"),
    ]
    run()
    working.take(difference_id=Difference.objects.get(key=missing.number).pk, by=officer, at=made.NEXT_NIGHT)

    amount, only_us = sorted(waiting_by_kind(), key=lambda each: each.amount)
    assert (amount.kind, amount.count, amount.amount, amount.oldest, amount.nobodys) == (
        "amount", 1, Decimal("2.00"), made.DAY, 1,
    )  # fmt: skip
    assert (only_us.kind, only_us.amount, only_us.nobodys) == ("only_us", Decimal("10.00"), 0)
    (day,) = comparisons_between(made.DAY, made.DAY).filter(source="insurer")
    assert vars(day).items() >= {"active_count": 2, "active_amount": Decimal("12.00")}.items()
    text = _text(office, f"{reverse('reconciliation:days')}?month=2026-11")
    for words in ("?kind=amount", "?kind=only_us", "one that nobody looks after", "¥12.00"):
        assert words in text
