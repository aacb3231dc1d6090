"""What was charged by prices that turned out to have been others: what a list of corrections holds."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import User
from billing.models import Bill
from billing.operations import refund_bill
from pricing.models import PriceItem
from pricing.operations.restating import retract
from pricing.rules import ServiceLine
from repricing import operations
from repricing.errors import CorrectionRefused
from repricing.models import Burden, CorrectionBatch
from tests.factories import revisions
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.factories.registry import PatientFactory
from tests.factories.repricing import AT, charge, correct, revision
from tests.integration.repricing.conftest import price_of
from tests.integration.repricing.corrections import Work, differences, listed, price_row


@pytest.mark.django_db
class TestListing:
    """Which charges are listed, and with what difference."""

    def test_a_lower_price_lists_what_was_charged_too_much(self, fee: PriceItem, work: Work) -> None:
        bill = charge(fee, shares=(7, 2, 1))

        batch = listed(correct(price_row(fee), "8.00"), work)

        (line,) = batch.lines.all()
        assert line.charge.bill == bill
        assert (line.standing_amount, line.right_amount) == (Decimal("10.00"), Decimal("8.00"))
        assert (line.fund_difference, line.account_difference, line.cash_difference) == (
            Decimal("-1.40"),
            Decimal("-0.40"),
            Decimal("-0.20"),
        )
        assert line.price == price_row(fee)

    def test_a_charge_that_was_right_is_not_listed(self, fee: PriceItem, work: Work) -> None:
        charge(fee)

        batch = listed(correct(price_row(fee), "10.00"), work)

        assert (batch.looked_at_count, differences(batch)) == (1, [])

    def test_other_items_are_not_looked_at(self, fee: PriceItem, work: Work) -> None:
        charge(price_of("5.00").item)

        assert listed(correct(price_row(fee), "8.00"), work).looked_at_count == 0

    @pytest.mark.parametrize(
        ("day", "found"),
        [
            (date(2026, 3, 15), []),
            (date(2026, 3, 16), ["2.00"]),
            (date(2026, 3, 31), ["2.00"]),
            (date(2026, 4, 1), []),
        ],
    )
    def test_the_first_day_is_corrected_and_the_day_after_the_last_is_not(
        self, fee: PriceItem, work: Work, day: date, found: list[str]
    ) -> None:
        charge(fee, on=day)
        old, spell = price_row(fee), DateRange(date(2026, 3, 16), date(2026, 4, 1))
        retract(old, at=AT)
        for amount, period in (
            ("10.00", DateRange(date(2026, 1, 1), date(2026, 3, 16))),
            ("12.00", spell),
            ("10.00", DateRange(date(2026, 4, 1), None)),
        ):
            PriceFactory(
                item=fee, document=old.document, amount=Decimal(amount), effective=period, recorded_at=AT
            )
        made = revision(
            {"item": fee, "amount": Decimal("12.00"), "effective": spell},
            document=old.document, reaches_back=True, state="published",
        )  # fmt: skip

        assert differences(listed(made, work)) == found

    def test_an_item_charged_like_another_is_corrected_with_it(self, work: Work) -> None:
        basis = price_of("10.00").item
        charge(PriceItemFactory(priced_as=basis))

        assert differences(listed(correct(price_row(basis), "7.00"), work)) == ["-3.00"]

    def test_a_surcharge_is_corrected_with_its_main_item(self, work: Work) -> None:
        main = price_of("10.00").item
        extra = PriceItemFactory(kind="surcharge", main_item=main)
        PriceFactory(item=extra, kind="percentage", amount=None, rate=Decimal("0.3"))
        charge(
            ServiceLine("m", main.code, Decimal(1)),
            ServiceLine("s", extra.code, Decimal(1), main_reference="m"),
        )

        assert differences(listed(correct(price_row(main), "20.00"), work)) == ["10.00", "3.00"]

    def test_a_charge_that_has_no_price_any_more_is_listed_without_an_amount(
        self, fee: PriceItem, work: Work
    ) -> None:
        charge(fee)
        old = price_row(fee)
        made = revision(
            {"item": fee, "amount": Decimal(1), "effective": old.effective},
            document=old.document, reaches_back=True, state="published",
        )  # fmt: skip
        retract(old, at=AT)

        (line,) = listed(made, work).lines.all()

        assert (line.refusal, line.right_amount, line.difference_amount) == ("price_not_found", None, 0)

    def test_bills_that_went_back_are_not_corrected_and_open_ones_are_counted(
        self, fee: PriceItem, work: Work
    ) -> None:
        refund_bill(bill_id=charge(fee).pk, at=AT)
        unpaid = charge(fee)
        Bill.objects.filter(pk=unpaid.pk).update(state="open")

        batch = listed(correct(price_row(fee), "8.00"), work)

        assert (differences(batch), batch.unsettled_count) == ([], 1)

    def test_collecting_again_finds_what_was_paid_meanwhile(
        self, fee: PriceItem, officer: User, work: Work
    ) -> None:
        unpaid = charge(fee)
        Bill.objects.filter(pk=unpaid.pk).update(state="open")
        batch = listed(correct(price_row(fee), "8.00"), work)
        Bill.objects.filter(pk=unpaid.pk).update(state="settled")

        operations.collect_again(batch_id=batch.pk, by=officer, at=AT)
        work()

        batch.refresh_from_db()
        assert (differences(batch), batch.unsettled_count) == (["-2.00"], 0)

    def test_many_encounters_are_listed_a_few_at_a_time(
        self, fee: PriceItem, work: Work, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("repricing.operations.collecting.ENCOUNTERS_AT_ONCE", 2)
        patient = PatientFactory()
        for number in range(5):
            charge(fee, patient=patient if number % 2 else PatientFactory(), on=date(2026, 3, 20 - number))

        batch = listed(correct(price_row(fee), "8.00"), work)

        assert (batch.looked_at_count, differences(batch)) == (5, ["-2.00"] * 5)

    def test_a_cap_that_arrives_late_is_shared_by_the_charges_of_the_day(self, work: Work) -> None:
        item, patient = price_of("40.00").item, PatientFactory()
        for _visit in range(3):
            charge(item, patient=patient)
        made = correct(price_row(item), "40.00")
        capped = price_row(item)
        retract(capped, at=AT)
        PriceFactory(
            item=item, document=capped.document, amount=Decimal("40.00"), recorded_at=AT,
            period_cap_amount=Decimal("96.00"), period_cap_days=1,
        )  # fmt: skip

        assert differences(listed(made, work)) == ["-24.00"]

    def test_a_charge_that_should_have_cost_nothing_leaves_the_whole_cap_to_the_next(
        self, work: Work
    ) -> None:
        item, patient = price_of("40.00").item, PatientFactory()
        charge(item, patient=patient, on=date(2026, 3, 15))
        charge(item, patient=patient, on=date(2026, 3, 16))
        made = correct(price_row(item), "40.00")
        known = price_row(item)
        retract(known, at=AT)
        spells = [("0", date(2026, 1, 1), date(2026, 3, 16)), ("40.00", date(2026, 3, 16), None)]
        for amount, begin, end in spells:
            PriceFactory(
                item=item, document=known.document, amount=Decimal(amount), effective=DateRange(begin, end),
                recorded_at=AT, period_cap_amount=Decimal(50), period_cap_days=2,
            )  # fmt: skip

        # The first costs nothing, so the second stays within its cap of 50.00.
        assert differences(listed(made, work)) == ["-40.00"]

    def test_the_setting_says_who_bears_increases(self, fee: PriceItem, work: Work, settings: Any) -> None:
        settings.CORRECTION_INCREASES_BORNE_BY = "patient"

        assert listed(correct(price_row(fee), "12.00"), work).increases_borne_by == Burden.PATIENT

    def test_a_published_correction_told_twice_is_one_batch(self, fee: PriceItem, work: Work) -> None:
        charge(fee)
        made = correct(price_row(fee), "8.00")

        assert listed(made, work) == listed(made, work)

    def test_rp_13_a_draft_corrects_nothing(self, fee: PriceItem, officer: User) -> None:
        draft = revision({"item": fee, "amount": Decimal("8.00")})

        with pytest.raises(CorrectionRefused) as refused:
            operations.draft_corrections(revision_id=draft.pk, by=officer, at=AT)

        assert [violation.rule for violation in refused.value.violations] == ["RP-13"]


@pytest.mark.django_db
def test_a_late_document_leads_from_its_publication_to_the_list_by_itself(fee: PriceItem, work: Work) -> None:
    for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 8, 31), date(2026, 9, 1)):
        charge(fee, on=day)

    late = revisions.row(fee, begin=date(2026, 3, 1), until=date(2026, 9, 1), amount=Decimal("9.00"))
    made = revisions.published(late, reaches_back=True, note="文件 9 月才收到")
    work()

    batch = CorrectionBatch.objects.get(revision=made)
    found = batch.lines.select_related("charge__bill__encounter").order_by("charge")
    assert [(each.charge.bill.encounter.service_on, each.difference_amount) for each in found] == [
        (date(2026, 3, 1), Decimal("-1.00")),
        (date(2026, 8, 31), Decimal("-1.00")),
    ]
    assert batch.drafted_by == made.published_by
