"""Pages of the price office and the money office."""

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, User
from pricing.models import PriceItem, PriceRevision
from repricing import operations
from repricing.models import Burden, CorrectionBatch, Payback, Simulation
from repricing.states import BatchState, PaybackState, SimulationState
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.registry import PatientFactory
from tests.factories.repricing import AT, charge, correct, revision
from tests.integration.repricing.conftest import price_of
from tests.integration.repricing.test_correcting import carried_out, listed, price_row

Work = Callable[[], None]
pytestmark = pytest.mark.django_db


def client_of(user: User, language: str = "en") -> Client:
    desk = Client()
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    desk.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    desk.get(reverse("accounts:ping"))  # a session is written with its first page
    return desk


@pytest.fixture
def desk(officer: User) -> Client:
    """Somebody of the money office, in English."""
    return client_of(officer)


def simulated(desk: Client, made: PriceRevision, work: Work, **typed: str) -> Simulation:
    """Ask for a simulation of March 2026 and let the jobs do it."""
    asked = {"revision": made.number, "first_on": "2026-03-01", "last_on": "2026-03-31", "institution": ""}
    reply = desk.post(reverse("repricing:simulations"), asked | typed)
    assert reply.status_code == 302, reply.content.decode()
    work()
    return Simulation.objects.latest("pk")


class TestSimulations:
    """Choose, wait, read."""

    def test_the_last_whole_month_is_offered(self, desk: Client) -> None:
        revision()

        page = desk.get(reverse("repricing:simulations")).content.decode()

        assert 'type="date"' in page

    def test_the_revision_of_the_address_is_chosen(self, desk: Client) -> None:
        revision()
        second = revision()

        page = desk.get(f"{reverse('repricing:simulations')}?revision={second.number}").content.decode()

        assert f'<option value="{second.number}" selected>' in page

    def test_without_a_revision_the_page_says_what_comes_first(self, desk: Client) -> None:
        assert "Draft a price revision first" in desk.get(reverse("repricing:simulations")).content.decode()

    def test_a_wrong_period_is_refused_beside_its_field_and_what_was_typed_stays(
        self, desk: Client, fee: PriceItem
    ) -> None:
        made = revision({"item": fee, "amount": Decimal(12)})

        page = desk.post(
            reverse("repricing:simulations"),
            {"revision": made.number, "first_on": "2026-03-31", "last_on": "2026-03-01", "institution": ""},
        ).content.decode()

        assert "The last day lies before the first." in page
        assert 'value="2026-03-31"' in page

    def test_the_result_says_what_changes_for_whom(self, desk: Client, fee: PriceItem, work: Work) -> None:
        charge(fee, patient=PatientFactory(name="王小明"))
        found = simulated(desk, revision({"item": fee, "amount": Decimal("12.50")}), work)

        page = desk.get(reverse("repricing:simulation", args=[found.number])).content.decode()

        assert f"{fee.name_en} changes most: + ¥2.50 of + ¥2.50 in all" in page
        assert "Patients would pay an estimated ¥0.25 more in cash" in page
        assert "An estimate: each payer keeps the share" in page
        assert "王*明" in page
        assert "王小明" not in page

    def test_the_chart_and_its_table_hold_the_same_numbers(
        self, desk: Client, fee: PriceItem, work: Work
    ) -> None:
        cheaper = price_of("10.00").item
        charge(fee, cheaper)
        rows = [{"item": fee, "amount": Decimal("14.00")}, {"item": cheaper, "amount": Decimal("9.00")}]
        found = simulated(desk, revision(*rows), work)

        reply = desk.get(reverse("repricing:simulation", args=[found.number]))

        drawn = reply.context["result"].charts[0]
        assert [bar.shown for bar in drawn.bars] == ["+ ¥4.00", "- ¥1.00"]
        # 5.00 of room: the line stands at a fifth of the width; the rise fills the rest.
        assert drawn.axis == "20.00%"
        assert [(bar.x, bar.width) for bar in drawn.bars] == [("20.00%", "80.00%"), ("0.00%", "20.00%")]
        assert reply.content.decode().count("+ ¥4.00") >= 2

    def test_nothing_that_changes_is_said_too(self, desk: Client, fee: PriceItem, work: Work) -> None:
        charge(fee)
        found = simulated(desk, revision({"item": fee, "amount": Decimal("10.00")}), work)

        assert (
            "Nothing changes"
            in desk.get(reverse("repricing:simulation", args=[found.number])).content.decode()
        )

    def test_a_revision_that_changed_since_is_said(self, desk: Client, fee: PriceItem, work: Work) -> None:
        charge(fee)
        made = revision({"item": fee, "amount": Decimal("12.00")})
        found = simulated(desk, made, work)
        made.rows.update(amount=Decimal("13.00"))

        page = desk.get(reverse("repricing:simulation", args=[found.number])).content.decode()

        assert "The revision has changed since." in page

    def test_a_simulation_that_goes_on_tells_how_far_it_is(self, desk: Client, fee: PriceItem) -> None:
        charge(fee)
        made = revision({"item": fee, "amount": Decimal("12.00")})
        begun = operations.start_simulation(
            revision_id=made.pk, begin=date(2026, 3, 1), end=date(2026, 4, 1), institution_id=None,
            by=User.objects.latest("pk"), at=AT,
        )  # fmt: skip
        Simulation.objects.update(state=SimulationState.RUNNING, cuts=[1, 2, 3, 4], slices_done=1)

        page = desk.get(reverse("repricing:simulation", args=[begun.number])).content.decode()
        part = desk.get(reverse("repricing:simulation_fragment", args=[begun.number]))

        assert 'aria-valuenow="25"' in page
        assert "data-live=" in page
        assert "25 % of the charges" in part.content.decode()
        assert "X-Location" not in part.headers

    def test_the_progress_leads_to_the_result_when_it_has_ended(
        self, desk: Client, fee: PriceItem, work: Work
    ) -> None:
        found = simulated(desk, revision({"item": fee, "amount": Decimal("12.00")}), work)

        part = desk.get(reverse("repricing:simulation_fragment", args=[found.number]))

        assert part.headers["X-Location"] == reverse("repricing:simulation", args=[found.number])

    def test_its_queries_do_not_grow_with_what_it_counted(
        self, desk: Client, fee: PriceItem, work: Work
    ) -> None:
        charge(fee)
        one = simulated(desk, revision({"item": fee, "amount": Decimal("12.00")}), work)
        items = [price_of("5.00").item for _item in range(6)]
        for _patient in range(4):
            charge(fee, *items)
        rows = [{"item": item, "amount": Decimal("7.00")} for item in (fee, *items)]
        many = simulated(desk, revision(*rows), work)

        assert _queries(desk, one.number) == _queries(desk, many.number)

    def test_the_list_asks_as_often_for_many_as_for_one(
        self, desk: Client, fee: PriceItem, work: Work
    ) -> None:
        made = revision({"item": fee, "amount": Decimal("12.00")})
        counts = []
        for _simulation in range(4):
            simulated(desk, made, work)
            with CaptureQueriesContext(connection) as captured:
                desk.get(reverse("repricing:simulations"))
            counts.append(len(captured))

        assert len(set(counts)) == 1

    def test_in_chinese_too(self, officer: User, fee: PriceItem, work: Work) -> None:
        charge(fee)
        desk = client_of(officer, "zh-hans")
        found = simulated(desk, revision({"item": fee, "amount": Decimal("12.00")}), work)

        page = desk.get(reverse("repricing:simulation", args=[found.number])).content.decode()

        assert fee.name in page
        assert 'lang="zh-Hans"' in page


def _queries(desk: Client, number: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        desk.get(reverse("repricing:simulation", args=[number]))
    return len(captured)


class TestCorrections:
    """The list, one batch, and the acts on it."""

    def test_a_batch_shows_every_difference_and_its_payers(
        self, desk: Client, fee: PriceItem, work: Work
    ) -> None:
        charge(fee, patient=PatientFactory(name="王小明"))
        batch = listed(correct(price_row(fee), "8.00"), work)

        listing = desk.get(reverse("repricing:corrections")).content.decode()
        page = desk.get(reverse("repricing:correction", args=[batch.number])).content.decode()

        assert batch.number in listing
        for shown in ("- ¥2.00", "-¥1.40", "-¥0.40", "-¥0.20", "王*明"):
            assert shown in page
        assert "王小明" not in page

    def test_two_persons_lead_it_to_its_end(
        self, desk: Client, officer: User, colleague: User, fee: PriceItem, work: Work
    ) -> None:
        charge(fee)
        batch = listed(correct(price_row(fee), "8.00", by=officer), work)
        address = reverse("repricing:correction_act", args=[batch.number])

        own = desk.post(address, {"act": "approve"}, follow=True).content.decode()
        client_of(colleague).post(address, {"act": "approve"})
        desk.post(address, {"act": "carry_out"})
        work()

        batch.refresh_from_db()
        assert "another person has to review it" in own
        assert batch.state == BatchState.CARRIED_OUT

        payback = Payback.objects.get()
        pay = reverse("repricing:payback", args=[batch.number, payback.pk])
        without = desk.post(pay, {"receipt": ""}, follow=True).content.decode()
        desk.post(pay, {"receipt": "银行回单 0031"})
        payback.refresh_from_db()
        assert "Give the number of the transfer or receipt." in without
        assert (payback.state, payback.paid_back_by) == (PaybackState.PAID_BACK, officer)

    def test_a_line_is_left_out_and_taken_in_again(self, desk: Client, fee: PriceItem, work: Work) -> None:
        charge(fee)
        line = listed(correct(price_row(fee), "8.00"), work).lines.get()
        address = reverse("repricing:correction_line", args=[line.batch.number, line.pk])

        refused = desk.post(address, {"reason": ""}, follow=True).content.decode()
        out = desk.post(address, {"reason": "患者已另行退费"}, follow=True).content.decode()
        desk.post(address, {"take_in": "1"})

        line.refresh_from_db()
        assert "Say why this line is left out." in refused
        assert "患者已另行退费" in out
        assert line.left_out_reason == ""

    def test_who_bears_increases_can_be_chosen(self, desk: Client, fee: PriceItem, work: Work) -> None:
        charge(fee)
        batch = listed(correct(price_row(fee), "12.00"), work)

        desk.post(reverse("repricing:correction_act", args=[batch.number]), {"act": "patient"})

        batch.refresh_from_db()
        assert batch.increases_borne_by == Burden.PATIENT

    def test_an_act_that_is_not_possible_any_more_is_said(
        self, desk: Client, fee: PriceItem, work: Work
    ) -> None:
        batch = listed(correct(price_row(fee), "8.00"), work)

        page = desk.post(
            reverse("repricing:correction_act", args=[batch.number]), {"act": "carry_out"}, follow=True
        ).content.decode()

        assert "This step is not possible any more." in page

    def test_an_unknown_act_is_not_found(self, desk: Client, fee: PriceItem, work: Work) -> None:
        batch = listed(correct(price_row(fee), "8.00"), work)

        assert (
            desk.post(reverse("repricing:correction_act", args=[batch.number]), {"act": "x"}).status_code
            == 404
        )

    def test_the_file_holds_every_line_and_its_sums(self, desk: Client, fee: PriceItem, work: Work) -> None:
        for _charge in range(3):
            charge(fee)
        batch = listed(correct(price_row(fee), "8.00"), work)

        reply = desk.get(reverse("repricing:correction_csv", args=[batch.number]))
        rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))

        assert reply.headers["Content-Disposition"] == f'attachment; filename="{batch.number}.csv"'
        assert len(rows) == 3
        assert sum(Decimal(row["Difference"]) for row in rows) == Decimal("-6.00")
        assert {row["Patient"] for row in rows} == {"张*英"}
        assert sum(
            Decimal(row[payer]) for row in rows for payer in ("Fund", "Personal account", "Patients in cash")
        ) == Decimal(-6)

    def test_a_reason_is_never_a_formula_in_the_file(
        self, desk: Client, officer: User, fee: PriceItem, work: Work
    ) -> None:
        charge(fee)
        batch = listed(correct(price_row(fee), "8.00"), work)
        operations.leave_out(line_id=batch.lines.get().pk, reason="=1+1", by=officer, at=AT)

        text = desk.get(reverse("repricing:correction_csv", args=[batch.number])).content.decode()

        assert "'=1+1" in text

    def test_its_queries_do_not_grow_with_its_lines(
        self, desk: Client, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        other = price_of("10.00").item
        charge(fee)
        for _charge in range(5):
            charge(other)
        one = carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)
        many = carried_out(listed(correct(price_row(other), "8.00"), work), colleague, work)

        counts = []
        for batch in (one, many):
            with CaptureQueriesContext(connection) as captured:
                desk.get(reverse("repricing:correction", args=[batch.number]))
            counts.append(len(captured))

        assert counts[0] == counts[1]

    def test_the_list_asks_as_often_for_many_as_for_one(
        self, desk: Client, fee: PriceItem, work: Work
    ) -> None:
        counts = []
        for amount in ("8.00", "9.00", "10.00"):
            listed(correct(price_row(fee), amount), work)
            with CaptureQueriesContext(connection) as captured:
                desk.get(reverse("repricing:corrections"))
            counts.append(len(captured))

        assert len(set(counts)) == 1

    def test_while_it_is_collected_the_page_follows_and_then_shows_the_list(
        self, desk: Client, fee: PriceItem, work: Work
    ) -> None:
        batch = listed(correct(price_row(fee), "8.00"), work)
        part = reverse("repricing:correction_fragment", args=[batch.number])
        assert "X-Location" in desk.get(part).headers
        CorrectionBatch.objects.update(state=BatchState.COLLECTING)

        page = desk.get(reverse("repricing:correction", args=[batch.number])).content.decode()

        assert "X-Location" not in desk.get(part).headers
        assert "data-live=" in page

    def test_the_insurance_office_reads_and_does_not_act(self, fee: PriceItem, work: Work) -> None:
        charge(fee)
        batch = listed(correct(price_row(fee), "8.00"), work)
        office = client_of(StaffFactory(role=Role.INSURANCE_OFFICE))

        page = office.get(reverse("repricing:correction", args=[batch.number]))
        act = office.post(reverse("repricing:correction_act", args=[batch.number]), {"act": "approve"})

        assert page.status_code == 200
        assert "Agree to this list" not in page.content.decode()
        assert act.status_code == 403

    def test_in_chinese_too(self, officer: User, fee: PriceItem, work: Work) -> None:
        charge(fee)
        batch = listed(correct(price_row(fee), "8.00"), work)

        page = client_of(officer, "zh-hans").get(reverse("repricing:correction", args=[batch.number]))

        assert fee.name in page.content.decode()


@pytest.mark.parametrize("name", ["repricing:simulations", "repricing:corrections"])
def test_nobody_else_gets_in(name: str) -> None:
    strangers = [UserFactory(), StaffFactory(role=Role.DOCTOR), StaffFactory(role=Role.PHARMACIST)]

    assert [client_of(person).get(reverse(name)).status_code for person in strangers] == [403] * 3
    assert Client().get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", ["repricing:simulation", "repricing:correction", "repricing:correction_csv"])
def test_what_does_not_exist_is_not_found(desk: Client, name: str) -> None:
    assert desk.get(reverse(name, args=["X1"])).status_code == 404
