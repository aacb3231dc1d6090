"""Pages of the price office and the money office on which corrections are listed, reviewed and carried out."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, User
from pricing.models import PriceItem
from repricing import operations
from repricing.models import Burden, CorrectionBatch, Payback
from repricing.states import BatchState, PaybackState
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.registry import PatientFactory
from tests.factories.repricing import AT, charge, correct
from tests.integration.repricing.at_the_desk import Work, client_of
from tests.integration.repricing.conftest import price_of
from tests.integration.repricing.corrections import carried_out, listed, price_row

pytestmark = pytest.mark.django_db


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
