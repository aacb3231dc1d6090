"""What was charged by prices that turned out to have been others: listed, reviewed, carried out."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.models import User
from billing.models import Bill, BillPurpose, FeeDetail
from billing.operations import refund_bill
from billing.rules import Parts
from checkout.events import BillRefunded
from checkout.models import Checkout
from finance.queries.agreement import disagreements
from kernel import events
from kernel.money import ZERO
from kernel.workflow import IllegalTransition
from pricing.events import PricesCorrected
from pricing.models import Price, PriceItem, PriceRevision
from pricing.operations.restating import retract
from pricing.rules import ServiceLine
from repricing import operations
from repricing.errors import CorrectionRefused
from repricing.models import Burden, CorrectionBatch, CorrectionLine, Payback
from repricing.operations import carrying
from repricing.queries.lines import sums_of
from repricing.states import BatchState, PaybackState
from tests.factories import revisions
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.factories.registry import PatientFactory
from tests.factories.repricing import AT, charge, correct, revision
from tests.integration.repricing.conftest import price_of

Work = Callable[[], None]
LATER = AT + timedelta(days=1)


def price_row(item: PriceItem) -> Price:
    """The price that is known now."""
    return Price.objects.known().get(item=item)


def listed(made: PriceRevision, work: Work) -> CorrectionBatch:
    """The batch of a published revision, collected."""
    with transaction.atomic():
        events.publish(PricesCorrected(made.pk))
    work()
    batch = CorrectionBatch.objects.get(revision=made)
    assert batch.state == BatchState.DRAFTED
    return batch


def carried_out(batch: CorrectionBatch, colleague: User, work: Work) -> CorrectionBatch:
    """Agreed to by the colleague, and carried out."""
    operations.approve(batch_id=batch.pk, by=colleague, at=AT)
    operations.carry_out(batch_id=batch.pk, by=colleague, at=AT)
    work()
    batch.refresh_from_db()
    assert batch.state == BatchState.CARRIED_OUT
    return batch


def differences(batch: CorrectionBatch) -> list[str]:
    return [str(line.difference_amount) for line in batch.lines.order_by("charge")]


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


@pytest.mark.django_db
class TestReviewing:
    """Two persons."""

    def test_rp_10_who_published_does_not_review(self, fee: PriceItem, officer: User, work: Work) -> None:
        batch = listed(correct(price_row(fee), "8.00", by=officer), work)

        with pytest.raises(CorrectionRefused) as refused:
            operations.approve(batch_id=batch.pk, by=officer, at=AT)

        assert [violation.rule for violation in refused.value.violations] == ["RP-10"]

    def test_rp_10_who_changed_the_list_last_does_not_review(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee)
        batch = listed(correct(price_row(fee), "8.00"), work)
        operations.leave_out(line_id=batch.lines.get().pk, reason="患者已另行退费", by=colleague, at=AT)

        with pytest.raises(CorrectionRefused):
            operations.approve(batch_id=batch.pk, by=colleague, at=AT)

    def test_the_database_keeps_two_persons_too(self, fee: PriceItem, officer: User, work: Work) -> None:
        batch = listed(correct(price_row(fee), "8.00", by=officer), work)

        with pytest.raises(DatabaseError, match="two_persons"):
            CorrectionBatch.objects.filter(pk=batch.pk).update(reviewed_by=officer)

    def test_rp_11_a_line_is_left_out_with_a_reason(self, fee: PriceItem, officer: User, work: Work) -> None:
        charge(fee)
        line = listed(correct(price_row(fee), "8.00"), work).lines.get()

        with pytest.raises(CorrectionRefused) as refused:
            operations.leave_out(line_id=line.pk, reason="  ", by=officer, at=AT)

        assert [violation.rule for violation in refused.value.violations] == ["RP-11"]

    def test_a_line_that_is_left_out_does_not_count_and_nothing_comes_of_it(
        self, fee: PriceItem, officer: User, colleague: User, work: Work
    ) -> None:
        charge(fee)
        batch = listed(correct(price_row(fee), "8.00"), work)
        line = batch.lines.get()
        operations.leave_out(line_id=line.pk, reason="患者已另行退费", by=officer, at=AT)
        assert (sums_of(batch.pk).decreases.count, sums_of(batch.pk).left_out) == (0, 1)

        carried_out(batch, colleague, work)

        line.refresh_from_db()
        assert (line.carried_out_at, Payback.objects.count()) == (None, 0)

    def test_a_line_can_be_taken_in_again(self, fee: PriceItem, officer: User, work: Work) -> None:
        charge(fee)
        line = listed(correct(price_row(fee), "8.00"), work).lines.get()
        operations.leave_out(line_id=line.pk, reason="待查", by=officer, at=AT)

        operations.take_in(line_id=line.pk, by=officer, at=AT)

        assert sums_of(line.batch_id).decreases.total == Decimal("-2.00")

    def test_a_reviewed_list_does_not_change(
        self, fee: PriceItem, officer: User, colleague: User, work: Work
    ) -> None:
        charge(fee)
        batch = listed(correct(price_row(fee), "8.00"), work)
        operations.approve(batch_id=batch.pk, by=colleague, at=AT)

        with pytest.raises(IllegalTransition):
            operations.set_burden(batch_id=batch.pk, burden=Burden.PATIENT, by=officer, at=AT)

        operations.return_batch(batch_id=batch.pk, by=colleague, at=AT)
        operations.set_burden(batch_id=batch.pk, burden=Burden.PATIENT, by=officer, at=AT)

    def test_a_list_that_nobody_reviewed_is_not_carried_out(
        self, fee: PriceItem, officer: User, work: Work
    ) -> None:
        batch = listed(correct(price_row(fee), "8.00"), work)

        with pytest.raises(IllegalTransition):
            operations.carry_out(batch_id=batch.pk, by=officer, at=AT)


@pytest.mark.django_db
class TestCarryingOut:
    """What comes of the list."""

    def test_her_cash_share_is_asked_to_be_paid_back(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        bill = charge(fee, shares=(7, 2, 1))

        batch = carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        payback = Payback.objects.get()
        assert (payback.bill, payback.amount, payback.state) == (
            bill,
            Decimal("0.20"),
            PaybackState.REQUESTED,
        )
        assert batch.carried_out_by == colleague

    def test_nothing_is_paid_back_where_she_paid_nothing(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee, shares=(1, 0, 0))

        batch = carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        assert (Payback.objects.count(), sums_of(batch.pk).decreases.parts.fund) == (0, Decimal("-2.00"))

    def test_the_hospital_bears_an_increase_unless_somebody_decides_otherwise(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee)

        batch = carried_out(listed(correct(price_row(fee), "12.00"), work), colleague, work)

        line = batch.lines.get()
        assert line.is_borne_by_hospital
        made = Bill.objects.get(purpose=BillPurpose.CORRECTION)
        assert (line.supplementary_bill, made.state) == (made, "settled")
        assert made.parts == Parts(ZERO, ZERO, ZERO, institution=made.total_amount)
        assert disagreements(made) == []

    def test_where_the_patient_bears_it_a_supplementary_bill_is_opened(
        self, fee: PriceItem, officer: User, colleague: User, work: Work
    ) -> None:
        bill = charge(fee, shares=(0, 0, 1))
        batch = listed(correct(price_row(fee), "12.50"), work)
        operations.set_burden(batch_id=batch.pk, burden=Burden.PATIENT, by=officer, at=AT)

        carried_out(batch, colleague, work)

        made = Bill.objects.get(purpose=BillPurpose.CORRECTION)
        (line,) = made.lines.all()
        assert (made.encounter, made.total_amount, line.amount) == (
            bill.encounter,
            Decimal("2.50"),
            Decimal("2.50"),
        )
        assert (line.price, line.document) == (price_row(fee), price_row(fee).document)
        assert [step["amount"] for step in line.steps] == ["12.50", "-10.00"]
        assert Checkout.objects.get(bill=made).state == "ready"
        assert batch.lines.get().supplementary_bill == made

    def test_with_a_share_of_the_insurance_the_insurance_office_comes_first(
        self, fee: PriceItem, officer: User, colleague: User, work: Work
    ) -> None:
        charge(fee, shares=(7, 2, 1))
        batch = listed(correct(price_row(fee), "12.50"), work)
        operations.set_burden(batch_id=batch.pk, burden=Burden.PATIENT, by=officer, at=AT)

        carried_out(batch, colleague, work)

        made = Bill.objects.get(purpose=BillPurpose.CORRECTION)
        assert (made.state, made.cash_amount) == ("open", None)
        assert not Checkout.objects.filter(bill=made).exists()

    def test_what_was_charged_stays_as_it_was_printed(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        bill = charge(fee)
        before = list(FeeDetail.objects.filter(bill=bill).values())

        carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        assert list(FeeDetail.objects.filter(bill=bill).values()) == before
        bill.refresh_from_db()
        assert (bill.state, bill.total_amount) == ("settled", Decimal("10.00"))

    def test_carrying_out_twice_does_it_once(self, fee: PriceItem, colleague: User, work: Work) -> None:
        charge(fee, shares=(0, 0, 1))
        batch = carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        operations.carry_out_next(batch_id=batch.pk)
        work()

        assert Payback.objects.count() == 1

    def test_a_line_that_was_carried_out_never_changes(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee)
        batch = carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        with pytest.raises(DatabaseError, match="carried_out_stays"):
            batch.lines.update(cash_difference=0)

    def test_a_bill_that_went_back_meanwhile_is_left_alone(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        bill = charge(fee)
        batch = listed(correct(price_row(fee), "8.00"), work)
        refund_bill(bill_id=bill.pk, at=AT)

        carried_out(batch, colleague, work)

        assert (batch.lines.get().skipped, Payback.objects.count()) == ("bill_changed", 0)

    def test_one_bill_that_fails_keeps_none_of_the_others_back(
        self, fee: PriceItem, colleague: User, work: Work, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = charge(fee, shares=(0, 0, 1)), charge(fee, shares=(0, 0, 1))
        batch = listed(correct(price_row(fee), "8.00"), work)
        pay_back = carrying._ask_to_pay_back

        def fail_for_the_first(batch: CorrectionBatch, bill: Bill, *rest: Any) -> None:
            if bill == first:
                raise RuntimeError("disk full")
            pay_back(batch, bill, *rest)

        monkeypatch.setattr(carrying, "_ask_to_pay_back", fail_for_the_first)

        carried_out(batch, colleague, work)

        assert [line.skipped for line in batch.lines.order_by("charge")] == ["failed", ""]
        assert Payback.objects.get().bill == second

    def test_money_to_pay_back_is_withdrawn_when_the_whole_bill_goes_back(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        bill = charge(fee)
        carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        events.publish(BillRefunded(bill.pk))

        assert Payback.objects.get().state == PaybackState.WITHDRAWN

    def test_rp_12_money_is_paid_back_with_a_receipt(
        self, fee: PriceItem, officer: User, colleague: User, work: Work
    ) -> None:
        charge(fee)
        carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)
        payback = Payback.objects.get()

        with pytest.raises(CorrectionRefused) as refused:
            operations.note_payback(payback_id=payback.pk, receipt=" ", by=officer, at=AT)
        assert [violation.rule for violation in refused.value.violations] == ["RP-12"]

        operations.note_payback(payback_id=payback.pk, receipt="银行回单 0031", by=officer, at=AT)
        payback.refresh_from_db()
        assert (payback.state, payback.paid_back_by) == (PaybackState.PAID_BACK, officer)
        with pytest.raises(IllegalTransition):
            operations.note_payback(payback_id=payback.pk, receipt="again", by=officer, at=AT)


@pytest.mark.django_db
class TestCorrectionOfACorrection:
    """What was corrected once turns out to have been something else again."""

    def test_the_second_difference_counts_from_what_stands(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee, shares=(7, 2, 1))
        carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        second = listed(correct(price_row(fee), "7.00", at=LATER), work)

        (line,) = second.lines.all()
        assert (line.standing_amount, line.difference_amount) == (Decimal("8.00"), Decimal("-1.00"))
        assert line.parts.total == Decimal("-1.00")

    def test_back_to_the_first_price_is_a_difference_of_its_own(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee)
        carried_out(listed(correct(price_row(fee), "8.00"), work), colleague, work)

        assert differences(listed(correct(price_row(fee), "10.00", at=LATER), work)) == ["2.00"]

    def test_what_the_hospital_bore_was_charged_to_nobody(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee)
        carried_out(listed(correct(price_row(fee), "12.00"), work), colleague, work)

        # She paid 10.00; 11.00 would have been right: nothing is to be paid back.
        assert differences(listed(correct(price_row(fee), "11.00", at=LATER), work)) == ["1.00"]

    def test_a_list_that_was_overtaken_by_another_does_nothing_twice(
        self, fee: PriceItem, colleague: User, work: Work
    ) -> None:
        charge(fee)
        first = listed(correct(price_row(fee), "8.00"), work)
        second = listed(correct(price_row(fee), "7.00", at=LATER), work)
        carried_out(second, colleague, work)

        carried_out(first, colleague, work)

        assert first.lines.get().skipped == "corrected_since"
        assert sum(payback.amount for payback in Payback.objects.all()) == -second.lines.get().cash_difference


@pytest.mark.django_db(transaction=True)
def test_two_workers_carry_out_a_bill_once(fee: PriceItem, colleague: User, work: Work) -> None:
    charge(fee, shares=(0, 0, 1))
    batch = listed(correct(price_row(fee), "8.00"), work)
    operations.approve(batch_id=batch.pk, by=colleague, at=AT)
    operations.carry_out(batch_id=batch.pk, by=colleague, at=AT)
    failed: list[BaseException] = []

    def carry() -> None:
        try:
            operations.carry_out_next(batch_id=batch.pk)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    workers = [Thread(target=carry) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failed == []
    assert Payback.objects.count() == 1
    assert CorrectionLine.objects.filter(carried_out_at__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_agree_at_once_are_one_who_agrees(fee: PriceItem, colleague: User, work: Work) -> None:
    batch = listed(correct(price_row(fee), "8.00"), work)
    said: list[Any] = []

    def agree() -> None:
        try:
            said.append(operations.approve(batch_id=batch.pk, by=colleague, at=timezone.now()))
        except IllegalTransition as refusal:
            said.append(refusal)
        finally:
            connection.close()

    people = [Thread(target=agree) for _person in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert sorted(type(each).__name__ for each in said) == ["CorrectionBatch", "IllegalTransition"]
