"""Charges of a period, put together by what sets their price, slice by slice of the patients."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.rules import Parts, asked_again
from pricing.rules import ServiceLine
from repricing.queries.resting import Touched
from repricing.rules.ages import BEGINNINGS

_TAKE = """
CREATE TEMPORARY TABLE repricing_slice ON COMMIT DROP AS
WITH item (code, by_title, by_age, by_department, is_capped) AS (
    SELECT * FROM unnest(
        %(codes)s::text[], %(by_title)s::bool[], %(by_age)s::bool[], %(by_department)s::bool[], %(is_capped)s::bool[]
    )
)
SELECT visit.patient_id, visit.institution_id, visit.service_on, visit.id AS visit_id, visit.number AS visit,
       line.bill_id, line.number, coalesce(item.is_capped, false) AS is_capped,
       CASE WHEN item.is_capped THEN line.asked::text END AS said,
       line.quantity AS charged_quantity,
       coalesce(item.code, '') AS code,
       CASE WHEN item.code IS NULL THEN 0 ELSE width_bucket(visit.service_on, %(turning)s::date[]) END AS segment,
       CASE WHEN item.by_title OR item.is_capped THEN coalesce(nullif(price.title, ''), doctor.title)
            ELSE '' END AS title,
       CASE WHEN item.by_age OR item.is_capped THEN years.age ELSE -1 END AS age,
       CASE WHEN item.by_department OR item.is_capped THEN department.code ELSE '' END AS department,
       CASE WHEN item.code IS NULL THEN '' ELSE coalesce(line.asked->>'condition', price.condition) END AS condition,
       CASE WHEN item.code IS NULL OR line.asked = '{}' THEN ''
            ELSE (line.asked - ARRAY['quantity', 'main', 'performed_at', 'course', 'condition'])::text END AS asked,
       CASE WHEN item.code IS NULL THEN 0
            ELSE coalesce((line.asked->>'quantity')::numeric, line.quantity) END AS quantity,
       width_bucket(years.age, %(ages)s::int[]) AS age_group,
       line.amount, coalesce(line.fund_amount, 0) AS fund,
       coalesce(line.account_amount, 0) + coalesce(line.family_amount, 0) AS account
FROM encounters_encounter visit
JOIN billing_bill bill ON bill.encounter_id = visit.id
JOIN billing_feedetail line ON line.bill_id = bill.id
JOIN pricing_price price ON price.id = line.price_id
JOIN registry_patient patient ON patient.id = visit.patient_id
JOIN registry_practitioner doctor ON doctor.id = visit.practitioner_id
JOIN registry_department department ON department.id = visit.department_id
CROSS JOIN LATERAL (SELECT extract(year FROM age(visit.service_on, patient.born_on))::int AS age) years
LEFT JOIN item ON item.code = line.item_code
WHERE bill.state = 'settled' AND bill.purpose NOT IN ('correction', 'return')
  AND NOT EXISTS (SELECT FROM billing_feedetail back WHERE back.reverses_id = line.id)
  AND visit.service_on >= %(begin)s AND visit.service_on < %(end)s
  AND visit.patient_id >= %(first)s AND (%(before)s::bigint IS NULL OR visit.patient_id < %(before)s::bigint)
  AND (%(institution)s::bigint IS NULL OR visit.institution_id = %(institution)s::bigint)
"""
_CASE = "institution_id, code, segment, title, age, department, condition, asked, quantity"
_GROUPED = f"""
SELECT {_CASE}, age_group, count(*), sum(amount), sum(fund), sum(account)
FROM repricing_slice WHERE NOT is_capped GROUP BY {_CASE}, age_group
"""  # noqa: S608 - constants of this module
_ONE_BY_ONE = f"""
SELECT {_CASE}, age_group, amount, fund, account, patient_id, service_on, visit, number, said, charged_quantity
FROM repricing_slice WHERE is_capped ORDER BY patient_id, service_on, visit_id, bill_id, number
"""  # noqa: S608 - constants of this module
_BY_PATIENT = f"""
WITH priced ({_CASE}, proposed) AS (
    SELECT * FROM unnest(
        %(p_institution)s::bigint[], %(p_code)s::text[], %(p_segment)s::int[], %(p_title)s::text[], %(p_age)s::int[],
        %(p_department)s::text[], %(p_condition)s::text[], %(p_asked)s::text[], %(p_quantity)s::numeric[],
        %(p_amount)s::numeric[]
    )
)
SELECT patient_id, sum(amount), sum(proposed) FROM repricing_slice JOIN priced USING ({_CASE})
WHERE NOT is_capped GROUP BY patient_id
"""  # noqa: S608 - constants of this module
_CUTS = """
SELECT DISTINCT unnest(percentile_disc(%(parts)s::float8[]) WITHIN GROUP (ORDER BY patient_id))
FROM encounters_encounter
WHERE service_on >= %(begin)s AND service_on < %(end)s
  AND (%(institution)s::bigint IS NULL OR institution_id = %(institution)s::bigint)
ORDER BY 1
"""
_FETCHED = 2000


@dataclass(frozen=True, slots=True)
class Window:
    """Which charges: of the days ``[begin, end)``, of the patients ``[first, before)``, of an institution or all."""

    begin: date
    end: date
    institution_id: int | None = None
    first: int = 0
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that sets the amount of a charge, as far as it matters for its item."""

    institution_id: int
    code: str
    """Empty for a charge that the proposed prices cannot touch."""
    segment: int
    """How many turning days lie behind the day of the service: within one, the law stands still."""
    title: str
    age: int
    """Whole years; -1 where it does not matter."""
    department: str
    condition: str
    asked: str
    """What else was asked, as JSON text; empty for nothing."""
    quantity: Decimal

    def line(self) -> ServiceLine:
        """The charge as it was asked."""
        said = {**json.loads(self.asked or "{}"), "condition": self.condition}
        return asked_again(1, self.code, self.quantity, said)


@dataclass(frozen=True, slots=True)
class Group:
    """So many charges of one case and age group, and what was paid for them; yuan by payer."""

    case: Case
    age_group: int
    count: int
    charged: Parts


@dataclass(frozen=True, slots=True)
class Single:
    """One charge whose amount depends on those before it."""

    group: Group
    patient_id: int
    service_on: date
    encounter: str
    line: ServiceLine


@contextmanager
def slice_of(window: Window, items: Sequence[Touched], turning: Sequence[date]) -> Iterator[None]:
    """Put the charges of a slice together once; the three questions below are asked of it.

    It lies in a temporary table of this connection until the block ends, so that the tables are joined once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_TAKE, _arguments(window, items, turning))
        cursor.execute("ANALYZE repricing_slice")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE repricing_slice")


def grouped_charges() -> list[Group]:
    """The charges of the slice by case; those that caps bind to each other are left to ``single_charges``."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPED)
        return [_group(row) for row in cursor.fetchall()]


def single_charges() -> Iterator[Single]:
    """The charges of the slice that caps bind to each other, patient by patient in the order of their days."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_BY_ONE)
        while rows := cursor.fetchmany(_FETCHED):
            yield from (_single(row) for row in rows)


def sums_by_patient(priced: Mapping[Case, Decimal]) -> list[tuple[int, Decimal, Decimal]]:
    """(Patient, charged, proposed) over the charges of the cases that are ``priced``."""
    if not priced:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BY_PATIENT, _columns(priced))
        return [(patient, charged, proposed) for patient, charged, proposed in cursor.fetchall()]


def cuts_of(window: Window, slices: int) -> list[int]:
    """First patients of about equally large slices; empty where nobody was seen."""
    arguments = _days(window) | {"parts": [number / slices for number in range(slices)]}
    with connection.cursor() as cursor:
        cursor.execute(_CUTS, arguments)
        return [row[0] for row in cursor.fetchall()]


def _arguments(window: Window, items: Sequence[Touched], turning: Sequence[date]) -> dict[str, Any]:
    return _days(window) | {
        "first": window.first,
        "before": window.before,
        "codes": [item.code for item in items],
        "by_title": [item.by_title for item in items],
        "by_age": [item.by_age for item in items],
        "by_department": [item.by_department for item in items],
        "is_capped": [item.is_capped for item in items],
        "turning": list(turning),
        "ages": list(BEGINNINGS),
    }


def _days(window: Window) -> dict[str, Any]:
    return {"begin": window.begin, "end": window.end, "institution": window.institution_id}


def _columns(priced: Mapping[Case, Decimal]) -> dict[str, Any]:
    cases: Iterable[Case] = list(priced)
    return {
        "p_institution": [case.institution_id for case in cases],
        "p_code": [case.code for case in cases],
        "p_segment": [case.segment for case in cases],
        "p_title": [case.title for case in cases],
        "p_age": [case.age for case in cases],
        "p_department": [case.department for case in cases],
        "p_condition": [case.condition for case in cases],
        "p_asked": [case.asked for case in cases],
        "p_quantity": [case.quantity for case in cases],
        "p_amount": list(priced.values()),
    }


def _group(row: Sequence[Any]) -> Group:
    count, amount, fund, account = row[10:14]
    return Group(Case(*row[:9]), row[9], count, Parts(fund, account, amount - fund - account))


def _single(row: Sequence[Any]) -> Single:
    amount, fund, account, patient_id, service_on, encounter, number, said, quantity = row[10:]
    group = Group(Case(*row[:9]), row[9], 1, Parts(fund, account, amount - fund - account))
    asked = {**json.loads(said), "condition": group.case.condition}
    line = asked_again(number, group.case.code, quantity, asked)
    return Single(group, patient_id, service_on, encounter, line)
