"""What the charges of a past period would have cost under proposed prices."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from audit.operations import first_break
from pricing.models import PriceItem, PriceRevision
from pricing.rules import ServiceLine
from repricing.errors import SimulationRefused
from repricing.models import Simulation
from repricing.operations import simulate, simulating, start_simulation
from repricing.operations.results import Findings
from repricing.states import SimulationState
from tests.factories.encounters import EncounterFactory
from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory
from tests.factories.registry import InstitutionFactory, PatientFactory
from tests.factories.repricing import AT, charge, revision
from tests.integration.repricing.conftest import price_of

MARCH = {"begin": date(2026, 3, 1), "end": date(2026, 4, 1)}
Work = Callable[[], None]


def run(made: PriceRevision, by: User, **fields: Any) -> Findings:
    """Simulate March 2026 to the end."""
    asked = {**MARCH, "institution_id": None, **fields}
    simulation = start_simulation(revision_id=made.pk, by=by, at=AT, **asked)
    simulate(simulation_id=simulation.pk, seconds=60)
    simulation.refresh_from_db()
    assert simulation.state == SimulationState.DONE, simulation.failure
    return Findings.from_json(simulation.result)


def proposed(item: PriceItem, amount: str, **row: Any) -> PriceRevision:
    return revision({"item": item, "amount": Decimal(amount), **row})


def test_every_charge_of_the_item_is_counted_at_the_proposed_price(fee: PriceItem, officer: User) -> None:
    for _charge in range(3):
        charge(fee)

    found = run(proposed(fee, "12.00"), officer)

    assert (found.total.count, found.changed_count) == (3, 3)
    assert (found.total.charged.total, found.total.proposed.total) == (Decimal("30.00"), Decimal("36.00"))
    assert found.items[fee.code].difference == Decimal("6.00")


def test_the_payers_keep_their_shares_and_sum_exactly(fee: PriceItem, officer: User) -> None:
    charge(fee, shares=(7, 2, 1))

    found = run(proposed(fee, "12.50"), officer).total.proposed

    assert (found.fund, found.account, found.cash) == (Decimal("8.75"), Decimal("2.50"), Decimal("1.25"))


def test_charges_of_other_items_stay_and_count_in_the_total(fee: PriceItem, officer: User) -> None:
    other = price_of("5.00").item
    charge(fee, other)

    found = run(proposed(fee, "12.00"), officer)

    assert found.total.charged.total == Decimal("15.00")
    assert found.total.proposed.total == Decimal("17.00")
    assert found.touched.charged.total == Decimal("10.00")
    assert set(found.items) == {fee.code}


def test_rounding_is_by_the_line_as_when_it_is_charged(officer: User) -> None:
    item = PriceItemFactory(quantity_decimals=1)
    PriceFactory(item=item, amount=Decimal("1.00"))
    for _charge in range(2):
        charge(ServiceLine("1", item.code, Decimal("0.5")))

    # 0.5 x 1.01 = 0.505 -> 0.51 for each of the two lines; their sum of 1.01 would lose a fen.
    assert run(proposed(item, "1.01"), officer).total.proposed.total == Decimal("1.02")


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2026, 2, 28), False),
        (date(2026, 3, 1), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ],
)
def test_the_period_holds_its_first_day_and_not_the_day_after_its_last(
    fee: PriceItem, officer: User, day: date, counts: bool
) -> None:
    charge(fee, on=day)

    assert run(proposed(fee, "12.00"), officer).total.count == int(counts)


@pytest.mark.parametrize(("born_on", "group"), [(date(2019, 3, 17), "0"), (date(2019, 3, 16), "1")])
def test_the_age_group_is_that_of_the_day_of_the_service(
    fee: PriceItem, officer: User, born_on: date, group: str
) -> None:
    # On 16 March 2026 the one is six years old and the other has his seventh birthday.
    charge(fee, patient=PatientFactory(born_on=born_on))

    assert set(run(proposed(fee, "12.00"), officer).ages) == {group}


@pytest.mark.parametrize(("born_on", "amount"), [(date(2019, 3, 17), "12.00"), (date(2019, 3, 16), "10.00")])
def test_a_proposed_price_for_children_touches_children_only(
    fee: PriceItem, officer: User, born_on: date, amount: str
) -> None:
    charge(fee, patient=PatientFactory(born_on=born_on))

    found = run(proposed(fee, "12.00", age_to=6), officer)

    assert found.total.proposed.total == Decimal(amount)


def test_a_proposed_price_for_a_title_touches_that_title_only(fee: PriceItem, officer: User) -> None:
    charge(fee)

    assert run(proposed(fee, "12.00", title="231"), officer).changed_count == 1
    assert run(proposed(fee, "12.00", title="234"), officer).changed_count == 0


def test_an_item_charged_like_another_follows_it(officer: User) -> None:
    basis = price_of("10.00").item
    online = PriceItemFactory(priced_as=basis)
    charge(online)

    found = run(proposed(basis, "8.00"), officer)

    assert found.items[online.code].difference == Decimal("-2.00")


def test_a_surcharge_follows_its_main_item(officer: User) -> None:
    main = price_of("10.00").item
    extra = PriceItemFactory(kind="surcharge", main_item=main)
    PriceFactory(item=extra, kind="percentage", amount=None, rate=Decimal("0.3"))
    lines = [
        ServiceLine("m", main.code, Decimal(1)),
        ServiceLine("s", extra.code, Decimal(1), main_reference="m"),
    ]
    charge(*lines)

    found = run(proposed(main, "20.00"), officer)

    assert found.items[extra.code].proposed.total == Decimal("6.00")
    assert found.total.proposed.total == Decimal("26.00")


def test_a_price_by_distance_is_taken_from_the_distance_that_was_asked(officer: User) -> None:
    bands = [{"above": "0", "up_to": "3", "amount": "130"}, {"above": "3", "up_to": "5", "amount": "200"}]
    item = PriceItemFactory(category="treatment")
    PriceFactory(item=item, kind="tiered", amount=None, band_axis="distance", bands=bands)
    charge(ServiceLine("1", item.code, Decimal(1), distance_km=Decimal("3.0")))
    charge(ServiceLine("1", item.code, Decimal(1), distance_km=Decimal("3.1")))
    dearer = [{"above": "0", "up_to": "3", "amount": "150"}, {"above": "3", "up_to": "5", "amount": "200"}]

    made = revision(
        {"item": item, "kind": "tiered", "amount": None, "band_axis": "distance", "bands": dearer}
    )

    assert run(made, officer).total.proposed.total == Decimal("350.00")


def test_a_cap_for_a_day_binds_the_charges_of_a_patient_in_their_order(officer: User) -> None:
    item, patient = price_of("40.00").item, PatientFactory()
    for _visit in range(3):
        charge(item, patient=patient)
    charge(item, patient=patient, on=date(2026, 3, 17))

    row = {"amount": Decimal("40.00"), "period_cap_amount": Decimal("96.00"), "period_cap_days": 1}
    found = run(revision({"item": item, **row}), officer)

    # 40 + 40 + 16 on the 16th, 40 on the 17th.
    assert found.total.proposed.total == Decimal("136.00")
    assert found.changed_count == 1
    assert found.patients.savers == ((patient.pk, Decimal("160.00"), Decimal("136.00")),)


def test_a_charge_that_would_have_no_price_is_named_and_stays(officer: User) -> None:
    own = price_of("10.00")
    charge(own.item)

    found = run(revision({"item": own.item, "kind": "self_set", "amount": None}), officer)

    assert found.refused == {"self_set_not_published": (1, Decimal("10.00"))}
    assert found.total.proposed.total == Decimal("10.00")


def test_a_revision_of_a_real_document_touches_no_demonstration(fee: PriceItem, officer: User) -> None:
    charge(fee)
    real = TariffDocumentFactory(evidence="A")

    made = revision({"item": fee, "amount": Decimal("99.00")}, document=real)

    assert run(made, officer).changed_count == 0


def test_only_the_chosen_institution_is_looked_at(fee: PriceItem, officer: User) -> None:
    charge(fee)
    other = InstitutionFactory(code="H33010000002", name="另一家")

    assert run(proposed(fee, "12.00"), officer, institution_id=other.pk).total.count == 0


def test_the_largest_winners_and_losers_come_first(officer: User) -> None:
    cheaper, dearer = price_of("10.00").item, price_of("10.00").item
    people = [PatientFactory() for _person in range(3)]
    charge(cheaper, patient=people[0])
    charge(dearer, patient=people[1])
    charge(dearer, dearer, patient=people[2])

    made = revision(
        {"item": cheaper, "amount": Decimal("7.00")}, {"item": dearer, "amount": Decimal("11.00")}
    )
    found = run(made, officer).patients

    assert [who for who, _charged, _proposed in found.payers] == [people[2].pk, people[1].pk]
    assert found.savers == ((people[0].pk, Decimal("10.00"), Decimal("7.00")),)


def test_slices_give_the_same_as_one(fee: PriceItem, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    other = price_of("5.00").item
    for number in range(12):
        charge(fee, other, shares=(number, 1, 2))
    whole = run(proposed(fee, "12.34"), officer)
    monkeypatch.setattr(simulating, "ENCOUNTERS_IN_A_SLICE", 2)

    parted = run(proposed(fee, "12.34"), officer)

    assert Simulation.objects.first().slices_done == 6
    assert parted.total.count == whole.total.count
    assert parted.total.proposed.total == whole.total.proposed.total == Decimal("208.08")
    for sums in (parted.institutions, parted.ages):
        assert sum(each.proposed.total for each in sums.values()) == Decimal("208.08")
        assert sum(each.proposed.fund for each in sums.values()) == parted.total.proposed.fund


def test_a_job_that_runs_twice_counts_once(fee: PriceItem, officer: User, work: Work) -> None:
    charge(fee)
    made = start_simulation(
        revision_id=proposed(fee, "12.00").pk, institution_id=None, by=officer, at=AT, **MARCH
    )

    work()
    simulate(simulation_id=made.pk, seconds=60)

    made.refresh_from_db()
    assert (made.state, made.progress) == (SimulationState.DONE, 100)
    assert Findings.from_json(made.result).total.count == 1
    assert first_break(made) is None


def test_what_is_not_done_in_time_is_left_to_a_job_that_follows(
    fee: PriceItem, officer: User, monkeypatch: pytest.MonkeyPatch, work: Work
) -> None:
    monkeypatch.setattr(simulating, "ENCOUNTERS_IN_A_SLICE", 1)
    monkeypatch.setattr("repricing.tasks.SECONDS", 0.0001)
    for _charge in range(3):
        charge(fee)
    made = start_simulation(
        revision_id=proposed(fee, "12.00").pk, institution_id=None, by=officer, at=AT, **MARCH
    )

    work()

    made.refresh_from_db()
    assert (made.state, made.slices_done) == (SimulationState.DONE, len(made.cuts))
    assert made.slices_done > 1


def test_a_revision_that_changed_meanwhile_ends_the_simulation(fee: PriceItem, officer: User) -> None:
    charge(fee)
    made = proposed(fee, "12.00")
    simulation = start_simulation(revision_id=made.pk, institution_id=None, by=officer, at=AT, **MARCH)
    made.rows.update(amount=Decimal("13.00"))

    simulate(simulation_id=simulation.pk, seconds=60)

    simulation.refresh_from_db()
    assert (simulation.state, simulation.failure) == (SimulationState.FAILED, "revision_changed")


def test_what_goes_wrong_ends_it_and_is_said(
    fee: PriceItem, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge(fee)
    simulation = start_simulation(
        revision_id=proposed(fee, "12.00").pk, institution_id=None, by=officer, at=AT, **MARCH
    )
    monkeypatch.setattr(simulating, "_pricer", lambda simulation: 1 / 0)

    simulate(simulation_id=simulation.pk, seconds=60)

    simulation.refresh_from_db()
    assert (simulation.state, simulation.failure) == (SimulationState.FAILED, "broken")


def test_a_period_without_visits_is_done_at_once(fee: PriceItem, officer: User) -> None:
    EncounterFactory(service_on=date(2026, 5, 1))

    assert run(proposed(fee, "12.00"), officer).total.count == 0


@pytest.mark.parametrize(
    ("begin", "end", "rule"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), "RP-01"),
        (date(2026, 11, 1), date(2026, 11, 21), "RP-01"),
    ],
)
def test_rp_01_only_days_that_have_passed_are_simulated(
    fee: PriceItem, officer: User, begin: date, end: date, rule: str
) -> None:
    with pytest.raises(SimulationRefused) as refused:
        start_simulation(
            revision_id=proposed(fee, "12.00").pk,
            begin=begin,
            end=end,
            institution_id=None,
            by=officer,
            at=AT,
        )

    assert [violation.rule for violation in refused.value.violations] == [rule]


def test_rp_01_yesterday_may_be_the_last_day(fee: PriceItem, officer: User) -> None:
    end = AT.date()

    start_simulation(
        revision_id=proposed(fee, "12.00").pk, begin=end - timedelta(days=1), end=end,
        institution_id=None, by=officer, at=AT,
    )  # fmt: skip


def test_rp_02_a_revision_without_rows_is_refused(officer: User) -> None:
    with pytest.raises(SimulationRefused) as refused:
        start_simulation(revision_id=revision().pk, institution_id=None, by=officer, at=AT, **MARCH)

    assert [violation.rule for violation in refused.value.violations] == ["RP-02"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_count_every_slice_once(
    fee: PriceItem, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulating, "ENCOUNTERS_IN_A_SLICE", 2)
    for _charge in range(8):
        charge(fee)
    made = start_simulation(
        revision_id=proposed(fee, "12.00").pk, institution_id=None, by=officer, at=AT, **MARCH
    )

    def work_at_it() -> None:
        simulate(simulation_id=made.pk, seconds=60)
        connection.close()

    workers = [Thread(target=work_at_it) for _worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    made.refresh_from_db()
    assert (made.state, made.slices_done) == (SimulationState.DONE, len(made.cuts))
    assert Findings.from_json(made.result).total.count == 8
