"""Our settlements of a day beside what the insurer says of them."""

from datetime import datetime, timedelta
from decimal import Decimal

from insurance.models import Settlement
from insurance.states import ClaimState
from reconciliation.models import Difference, ReconciliationEntry
from reconciliation.rules.kinds import Kind, Subject
from reconciliation.states import ComparisonState
from tests.factories import reconciliation as made
from tests.integration.reconciliation.conftest import Run


def test_a_day_whose_totals_are_equal_is_balanced_without_asking_for_rows(
    run: Run, played: made.Insurer
) -> None:
    row = made.settlement()
    made.settlement(reverses=row)
    made.settlement()

    day = run()

    assert day.state == ComparisonState.BALANCED
    assert (day.our_count, day.our_amount, day.their_count) == (3, Decimal("10.00"), None)
    assert played.files == []
    held = {sums.key.insurance_type: (sums.count, sums.total) for sums in played.asked}
    assert held == {"310": (3, Decimal("10.00")), "390": (0, Decimal("0.00"))}


def test_only_records_dated_within_the_day_in_shanghai_are_counted(run: Run, played: made.Insurer) -> None:
    first, last = made.NOON - timedelta(hours=12), made.NOON + timedelta(hours=12)
    made.settlement(at=first - timedelta(microseconds=1))
    made.settlement(at=first)
    made.settlement(at=last - timedelta(microseconds=1))
    made.settlement(at=last)

    assert run().our_count == 2


def test_each_way_of_differing_is_named(run: Run, played: made.Insurer) -> None:
    same, missing, dearer = made.settlement(), made.settlement(), made.settlement()
    taken_back = made.settlement()
    refused = made.claim(ClaimState.DECLINED)
    unknown = made.claim(ClaimState.UNCONFIRMED)
    played.rows = [
        made.stated(same),
        made.stated(missing, "2", msgid=""),
        made.stated(dearer, "3", medfee_sumamt="12.00", fund_pay_sumamt="9.00"),
        made.stated(taken_back, "3", refd_setl_flag="1"),
        made.stranger("THEIRS1"),
        made.stranger("THEIRS2", msgid=refused.settle_msgid),
        made.stranger("THEIRS3", msgid=unknown.settle_msgid),
    ]

    day = run()

    assert day.state == ComparisonState.DIFFERING
    assert day.their_count == 7
    found = {row.key: row.kind for row in day.differences.all()}
    assert found == {
        missing.number: Kind.ONLY_US,
        dearer.number: Kind.AMOUNT,
        taken_back.number: Kind.STATUS,
        "THEIRS1": Kind.ONLY_THEM,
        "THEIRS2": Kind.STATUS,
        unknown.settle_msgid: Kind.UNKNOWN,
    }


def test_a_difference_keeps_both_sides_and_leads_to_the_claim(run: Run, played: made.Insurer) -> None:
    dearer = made.settlement()
    played.rows = [
        made.stated(dearer, "3", medfee_sumamt="12.00", fund_pay_sumamt="9.00", memo="双方数据不一致")
    ]

    one = run().differences.get()

    assert (one.subject, one.settlement, one.claim, one.bill) == (
        Subject.SETTLEMENT, dearer, dearer.claim, dearer.claim.bill,
    )  # fmt: skip
    assert (one.our_total, one.our_fund, one.our_account) == (
        Decimal("10.00"),
        Decimal("7.00"),
        Decimal("2.00"),
    )
    assert (one.their_total, one.their_fund, one.their_account) == (
        Decimal("12.00"), Decimal("9.00"), Decimal("2.00"),
    )  # fmt: skip
    assert (one.gap.total, one.gap.fund, one.gap.account) == (
        Decimal("2.00"),
        Decimal("2.00"),
        Decimal("0.00"),
    )
    assert (one.our_state, one.their_state, one.remark) == ("settled", "in_force", "双方数据不一致")


def test_what_the_insurer_does_not_hold_has_no_amounts_of_theirs(run: Run, played: made.Insurer) -> None:
    missing = made.settlement()
    played.rows = [made.stated(missing, "2", msgid="")]

    one = run().differences.get()

    assert (one.kind, one.their_total, one.their_state) == (Kind.ONLY_US, None, "")


def test_a_result_that_names_everything_and_leaves_one_of_ours_out_does_not_hold_it(
    run: Run, played: made.Insurer
) -> None:
    named, left_out = made.settlement(), made.settlement()
    played.rows = [made.stated(named)]

    assert [(row.kind, row.key) for row in run().differences.all()] == [(Kind.ONLY_US, left_out.number)]


def test_a_result_that_names_only_what_differs_holds_the_rest(run: Run, played: made.Insurer) -> None:
    made.settlement()
    played.rows = [made.stranger()]

    assert [row.kind for row in run().differences.all()] == [Kind.ONLY_THEM]


def test_a_record_stated_twice_is_a_difference_of_amount(run: Run, played: made.Insurer) -> None:
    row = made.settlement()
    played.rows = [made.stated(row), made.stated(row)]

    one = run().differences.get()

    assert (one.kind, one.their_total, one.remark) == (Kind.AMOUNT, Decimal("20.00"), "stated 2 times")


def in_two_areas(at: datetime = made.NOON) -> tuple[Settlement, Settlement]:
    """Two settlements that their areas have given the same number, of 10.00 and of 20.00."""
    dear = made.claim(at=at, parts=("14.00", "4.00", "2.00"))
    return (
        made.settlement(number="SETL1", insured_region="330100"),
        made.settlement(dear, at=at, number="SETL1", insured_region="330200"),
    )


def test_two_areas_may_give_the_same_number(run: Run, played: made.Insurer) -> None:
    one, other = in_two_areas()
    played.rows = [made.stated(other), made.stated(one)]

    day = run()

    assert (day.state, day.their_count) == (ComparisonState.BALANCED, 2)


def test_what_differs_of_two_areas_with_the_same_number_is_told_apart(run: Run, played: made.Insurer) -> None:
    one, other = in_two_areas()
    played.rows = [made.stated(row, "3", medfee_sumamt="50.00") for row in (other, one)]
    played.rows += [made.stranger("SETL1", msgid="LOST1")]

    for _again in range(2):
        day = run()

    found = {(row.key, row.settlement_id, row.kind) for row in day.differences.all()}
    assert found == {
        ("SETL1", one.pk, Kind.AMOUNT),
        (f"SETL1 {other.msgid}", other.pk, Kind.AMOUNT),
        ("SETL1 LOST1", None, Kind.ONLY_THEM),
    }


def test_of_two_areas_with_the_same_number_the_one_they_do_not_hold_is_missing(
    run: Run, played: made.Insurer
) -> None:
    one, other = in_two_areas()
    played.rows = [made.stated(one), made.stated(other, "2", msgid="")]

    [missing] = run().differences.all()

    assert (missing.settlement, missing.kind) == (other, Kind.ONLY_US)


def test_the_same_number_of_another_area_does_not_stand_for_ours_of_another_day(
    run: Run, played: made.Insurer
) -> None:
    late, other = in_two_areas(made.NOON + timedelta(days=1))
    played.rows = [made.stated(late, "2", msgid="")]
    run()

    played.rows = [made.stated(other)]
    run(day=made.DAY + timedelta(days=1))
    assert Difference.objects.get().state == "open"

    played.rows = [made.stated(other), made.stated(late, "1")]
    run(day=made.DAY + timedelta(days=1))
    assert Difference.objects.get().closed_because == "other_day"


def test_an_unknown_outcome_is_listed_although_the_totals_are_equal(run: Run, played: made.Insurer) -> None:
    settled = made.settlement()
    reversing = made.claim(ClaimState.REVERSAL_UNCONFIRMED, reverse_msgid="BACK1")
    waiting = made.claim(ClaimState.UNCONFIRMED)

    day = run()

    assert day.state == ComparisonState.DIFFERING
    found = {(row.key, row.subject): (row.kind, row.our_total) for row in day.differences.all()}
    assert found == {
        (waiting.settle_msgid, Subject.SETTLEMENT): (Kind.UNKNOWN, Decimal("10.00")),
        ("BACK1", Subject.REVERSAL): (Kind.UNKNOWN, Decimal("-10.00")),
    }
    assert settled.number not in {row.key for row in day.differences.all()}
    assert reversing.pk in day.differences.values_list("claim", flat=True)


def test_a_record_that_we_date_on_another_day_is_no_difference(run: Run, played: made.Insurer) -> None:
    today, before = made.settlement(), made.settlement(at=made.NOON - timedelta(days=1))
    played.rows = [made.stated(today), made.stated(before, "1")]

    assert run().state == ComparisonState.BALANCED


def test_what_stands_in_the_statement_of_the_next_day_closes_by_itself(
    run: Run, played: made.Insurer
) -> None:
    late, other = made.settlement(), made.settlement(at=made.NOON + timedelta(days=1))
    played.rows = [made.stated(late, "2")]
    day = run()
    assert day.state == ComparisonState.DIFFERING

    played.rows = [made.stated(other), made.stated(late, "1")]
    run(day=made.DAY + timedelta(days=1))

    one = Difference.objects.get()
    assert (one.state, one.closed_because) == ("closed", "other_day")
    assert one.entries.last().reference == "2026-11-21"
    day.refresh_from_db()
    assert day.state == ComparisonState.CLEARED
    # Comparing the first day again finds it again, and it stays closed.
    played.rows = [made.stated(late, "2")]
    assert run().state == ComparisonState.CLEARED


def test_a_second_run_makes_no_second_difference_and_no_second_entry(run: Run, played: made.Insurer) -> None:
    missing = made.settlement()
    played.rows = [made.stated(missing, "2"), made.stranger()]
    run()
    before = list(ReconciliationEntry.objects.values_list("pk", "difference", "act"))

    run()

    assert Difference.objects.count() == 2
    assert list(ReconciliationEntry.objects.values_list("pk", "difference", "act")) == before
    assert [act for _pk, _difference, act in before] == ["found", "found"]


def test_what_agrees_in_a_later_run_closes_with_an_entry_and_opens_when_it_differs_again(
    run: Run, played: made.Insurer
) -> None:
    missing = made.settlement()
    played.rows = [made.stated(missing, "2")]
    run()
    played.rows = None
    assert run().state == ComparisonState.BALANCED
    assert (Difference.objects.get().state, Difference.objects.get().closed_because) == ("closed", "vanished")

    played.rows = [made.stated(missing, "2")]
    assert run().state == ComparisonState.DIFFERING

    assert list(ReconciliationEntry.objects.values_list("act", flat=True)) == [
        "found",
        "dissolved",
        "reopened",
    ]


def test_an_insurer_that_says_nothing_is_asked_again_later(run: Run, played: made.Insurer) -> None:
    made.settlement()
    played.silent = "3201: ReadTimeout"

    day = run()

    assert (day.state, day.runs_in_vain, day.failure) == (ComparisonState.UNREACHED, 1, "3201: ReadTimeout")
    assert day.due_at is not None
    assert (day.runs.get().outcome, Difference.objects.count()) == ("unreached", 0)


def test_a_result_that_cannot_be_read_changes_nothing(run: Run, played: made.Insurer) -> None:
    missing = made.settlement()
    played.rows = [made.stated(missing, "2")]
    run()
    for content in (b"not a zip", made.packed("one\ttwo\n"), made.packed("\t" * 9 + "\n")):
        played.content = content
        assert run().state == ComparisonState.UNREACHED
    assert Difference.objects.get().state == "open"


def test_our_file_holds_every_record_of_the_day_with_refunds_marked(run: Run, played: made.Insurer) -> None:
    row = made.settlement()
    back = made.settlement(reverses=row)
    played.rows = [made.stated(row), made.stated(back)]

    run()

    lines = played.files[0].splitlines()
    assert [line.split("\t")[0] for line in lines] == [row.number, back.number]
    assert [line.split("\t")[3:] for line in lines] == [
        ["10.00", "7.00", "2.00", "0"],
        ["-10.00", "-7.00", "-2.00", "1"],
    ]


def test_a_run_under_way_is_not_begun_twice(run: Run, played: made.Insurer) -> None:
    from reconciliation.operations import opening, running

    made.settlement()
    comparison = next(each for each in opening.open_day(made.DAY) if each.source == "insurer")
    begun = running._begin(comparison.pk, None, made.NEXT_NIGHT)

    assert running.run_comparison(comparison_id=comparison.pk, by=None, at=made.NEXT_NIGHT) is None
    much_later = made.NEXT_NIGHT + timedelta(minutes=31)
    done = running.run_comparison(comparison_id=comparison.pk, by=None, at=much_later)
    assert done is not None
    assert done.state == ComparisonState.BALANCED
    # The first one wakes up again and keeps nothing.
    late = running._miss(begun, "too late")
    assert late.state == ComparisonState.BALANCED
