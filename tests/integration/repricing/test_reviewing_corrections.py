"""A list of corrections before it is carried out: read, settled line by line, agreed to by another person."""

from decimal import Decimal

import pytest
from django.db import DatabaseError

from accounts.models import User
from kernel.workflow import IllegalTransition
from pricing.models import PriceItem
from repricing import operations
from repricing.errors import CorrectionRefused
from repricing.models import Burden, CorrectionBatch, Payback
from repricing.queries.lines import sums_of
from tests.factories.repricing import AT, charge, correct
from tests.integration.repricing.corrections import Work, carried_out, listed, price_row


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
