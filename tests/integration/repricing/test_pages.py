"""Pages of the price office on which a change of prices is tried before it is made."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from pricing.models import PriceItem, PriceRevision
from repricing import operations
from repricing.models import Simulation
from repricing.states import SimulationState
from tests.factories.registry import PatientFactory
from tests.factories.repricing import AT, charge, revision
from tests.integration.repricing.at_the_desk import Work, client_of
from tests.integration.repricing.conftest import price_of

pytestmark = pytest.mark.django_db


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
