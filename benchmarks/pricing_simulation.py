"""Simulation: a revision of 100 items over a million charges of a year, beside a bare sum of the same rows."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

CHARGES = 1_000_000
PATIENTS = 100_000
HOSPITALS = 20
ITEMS = 100
CAPPED, COUNTED = 2, 8
"""Of the items: so many whose charges a cap binds to each other, so many by bands of the count; the others are fixed."""
BEGIN, END = date(2025, 1, 1), date(2026, 1, 1)
AT = datetime(2026, 3, 1, tzinfo=UTC)
ROUNDS = 3

_BARE = "SELECT item_code, count(*), sum(amount) FROM billing_feedetail GROUP BY item_code"
_RIGHT = """
SELECT sum(round(price.amount * 1.1 * line.quantity, 2)) FROM billing_feedetail line
JOIN pricing_price price ON price.id = line.price_id JOIN pricing_priceitem item ON item.id = price.item_id
WHERE item.code LIKE 'SIM-FIXED-%'
"""


def measure(charges: int = CHARGES) -> Iterator[str]:
    """Lines to print; the simulation runs in a process of its own, so that its memory is its own."""
    # Only now Django is set up.
    from repricing.models import Simulation  # noqa: PLC0415

    _fill(charges)
    simulation = _simulation()
    bare = min(_seconds(_BARE) for _round in range(ROUNDS))
    told = subprocess.run(  # noqa: S603
        [sys.executable, "-W", "ignore", "-m", "benchmarks.pricing_simulation", str(simulation)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    made = json.loads(told.stdout.splitlines()[-1])
    _check(Simulation.objects.get(pk=simulation), charges)
    yield f"simulation of {charges} charges, {PATIENTS} patients, {HOSPITALS} hospitals, {ITEMS} proposed prices"
    yield f"  bare sum by item   {bare:8.2f} s"
    yield f"  simulation         {made['seconds']:8.2f} s   {made['seconds'] / bare:.0f} × the bare sum"
    yield f"  slices             {made['slices']:8d}     each a step of the progress bar"
    yield f"  memory             {made['megabytes']:8.0f} MB  most of the process that does it"


def _seconds(statement: str) -> float:
    from django.db import connection  # noqa: PLC0415

    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchall()
    return time.perf_counter() - began


def _check(simulation: Any, charges: int) -> None:
    """What came out is right: every charge is counted, and the fixed prices are what the database makes of them."""
    from django.db import connection  # noqa: PLC0415

    from repricing.operations.results import Findings  # noqa: PLC0415

    found = Findings.from_json(simulation.result)
    with connection.cursor() as cursor:
        cursor.execute(_RIGHT)
        right = cursor.fetchone()[0]
    fixed = [tally for code, tally in found.items.items() if code.startswith("SIM-FIXED-")]
    ours = sum((tally.proposed.total for tally in fixed), Decimal(0))
    if simulation.state != "done" or found.total.count != charges or ours != right:
        raise AssertionError(f"{simulation.state}: {found.total.count} charges, {ours} instead of {right}")


def _simulation() -> int:
    """A revision that raises every price by a tenth, ready to be simulated over the year."""
    from django.db.backends.postgresql.psycopg_any import DateRange  # noqa: PLC0415

    from pricing.models import Price, PriceRevision, ProposedPrice  # noqa: PLC0415
    from repricing.operations import start_simulation  # noqa: PLC0415
    from tests.factories.repricing import finance  # noqa: PLC0415

    prices = list(Price.objects.filter(item__code__startswith="SIM-").select_related("document"))
    revision = PriceRevision.objects.create(
        number="SIM", title="+10 %", document=prices[0].document, drafted_at=AT
    )
    for price in prices:
        terms = {
            name: getattr(price, name)
            for name in ("kind", "band_axis", "period_cap_amount", "period_cap_days")
        }
        amount = None if price.amount is None else price.amount * Decimal("1.1")
        bands = [{**band, "amount": str(Decimal(band["amount"]) + 1)} for band in price.bands]
        ProposedPrice.objects.create(
            revision=revision, item_id=price.item_id, region_code=price.region_code, amount=amount, bands=bands,
            effective=DateRange(date(2027, 1, 1), None), **terms,
        )  # fmt: skip
    begun = start_simulation(
        revision_id=revision.pk, begin=BEGIN, end=END, institution_id=None, by=finance(), at=AT
    )
    return begun.pk


def _fill(charges: int) -> None:
    """Hospitals and items by the factories; patients, visits, bills and charges by the database itself."""
    from django.db import connection  # noqa: PLC0415

    hospitals, items = _hospitals(), _items()
    first: dict[str, Any] = {
        "hospitals": hospitals,
        "items": items,
        "visits": charges * 2 // 5,
        "charges": charges,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # Bills whose total nobody has summed up.
        for statement in _statements():
            cursor.execute(statement, first | {"patients": PATIENTS})
        cursor.execute("SET session_replication_role = DEFAULT")
        for table in ("registry_patient", "encounters_encounter", "billing_bill", "billing_feedetail"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def _hospitals() -> list[int]:
    """Ids of a practitioner of each."""
    from tests.factories.registry import (  # noqa: PLC0415
        DepartmentFactory,
        InstitutionFactory,
        PractitionerFactory,
    )

    return [
        PractitionerFactory(
            department=DepartmentFactory(institution=InstitutionFactory(code=f"H3301001{number:04d}"))
        ).pk
        for number in range(HOSPITALS)
    ]


def _items() -> list[int]:
    """Ids of a price of each item."""
    from tests.factories.pricing import (  # noqa: PLC0415
        PriceFactory,
        PriceItemFactory,
        TariffDocumentFactory,
    )

    document = TariffDocumentFactory(number="SIM", effective="[2024-01-01,)")
    common = {"document": document, "institution_level": None, "effective": "[2024-01-01,)"}
    bands = [{"above": "0", "up_to": "2", "amount": "5"}, {"above": "2", "amount": "3"}]
    made: list[int] = []
    for number in range(ITEMS):
        kind = "CAPPED" if number < CAPPED else "COUNTED" if number < CAPPED + COUNTED else "FIXED"
        terms: dict[str, Any] = {"amount": Decimal(number + 1) + Decimal("0.35")}
        if kind == "CAPPED":
            terms |= {"period_cap_amount": Decimal(30), "period_cap_days": 7}
        if kind == "COUNTED":
            terms |= {"amount": None, "kind": "tiered", "band_axis": "count", "bands": bands}
        item = PriceItemFactory(code=f"SIM-{kind}-{number:03d}", quantity_decimals=0)
        made.append(PriceFactory(item=item, **common, **terms).pk)
    return made


def _statements() -> Iterator[str]:
    """Copies of one row each with other values; every fifth visit has three charges and the others two or three."""
    yield """
        INSERT INTO registry_patient (name, id_type, id_number, id_fingerprint, gender, born_on, mobile, allergies,
            verification_request, created_at)
        SELECT '测某', '01', '', 'bench' || number, '2', date '1940-01-01' + (number * 7919 %% 29000), '', '', '', now()
        FROM generate_series(1, %(patients)s) AS number
    """
    yield """
        INSERT INTO encounters_encounter (number, kind, institution_id, department_id, practitioner_id, patient_id,
            complaint, allergies, current_medicines, service_on, opened_at)
        SELECT 'BENCH' || number, 'outpatient', doctor.institution_id, doctor.department_id, doctor.id, patient.id,
            '', '', '', date '2025-01-01' + (number * 31 %% 365), now()
        FROM generate_series(1, %(visits)s) AS number
        JOIN registry_practitioner doctor
            ON doctor.id = (%(hospitals)s::bigint[])[1 + number %% cardinality(%(hospitals)s::bigint[])]
        JOIN (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM registry_patient
              WHERE id_fingerprint LIKE 'bench%%') patient ON patient.rank = 1 + number * 7 %% %(patients)s
    """
    yield """
        INSERT INTO billing_bill (number, encounter_id, purpose, reason, total_amount, state, opened_at)
        SELECT 'BENCH' || id, id, 'consultation', '', 0, 'settled', now()
        FROM encounters_encounter WHERE number LIKE 'BENCH%%'
    """
    yield """
        INSERT INTO billing_feedetail (bill_id, number, item_code, name, name_en, specification, quantity, unit,
            unit_price, amount, price_id, document_id, steps, insurance_code, insurance_class, asked, fund_amount,
            account_amount, family_amount, institution_amount, cash_amount)
        SELECT bill.id, number / %(visits)s + 1, item.code, item.name, item.name_en, '', 1 + number %% 3, item.unit,
            coalesce(price.amount, 5), charged.yuan, price.id, price.document_id, '[]', '', '01', '{}',
            round(charged.yuan * 0.6, 2), round(charged.yuan * 0.1, 2), 0, 0,
            charged.yuan - round(charged.yuan * 0.6, 2) - round(charged.yuan * 0.1, 2)
        FROM generate_series(0, %(charges)s - 1) AS number
        JOIN (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM billing_bill WHERE number LIKE 'BENCH%%') bill
            ON bill.rank = 1 + number %% %(visits)s
        JOIN pricing_price price ON price.id = (%(items)s::bigint[])[1 + number * 13 %% cardinality(%(items)s::bigint[])]
        JOIN pricing_priceitem item ON item.id = price.item_id
        CROSS JOIN LATERAL (SELECT round(coalesce(price.amount, 5) * (1 + number %% 3), 2) AS yuan) AS charged
    """


def main(simulation_id: int) -> None:
    """Do the simulation and tell the seconds and the most memory, as JSON."""
    import django  # noqa: PLC0415

    django.setup()
    from repricing.models import Simulation  # noqa: PLC0415
    from repricing.operations import simulate  # noqa: PLC0415

    began = time.perf_counter()
    simulate(simulation_id=simulation_id, seconds=3600)
    seconds = time.perf_counter() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    slices = Simulation.objects.get(pk=simulation_id).slices_done
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "slices": slices}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
