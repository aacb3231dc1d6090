"""Filling the insurer's tables with the demo people, and emptying them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, models, transaction

from . import models as current
from .people import LATER_PEOPLE, PEOPLE, DemoPerson
from .records import KEPT as RECORDS

INSURED_SINCE = date(2015, 1, 1)
# Everything but the demo people; foreign keys are checked when the transaction ends, so the order is free.
KEPT = (
    *RECORDS,
    current.Fault,
    current.FaultRate,
    current.Manners,
    current.AgreementHold,
    current.RegisteredDoctor,
    current.Diagnosis,
    current.FeeRow,
    current.Settlement,
    current.Visit,
    current.Message,
    current.SignIn,
    current.ChronicFiling,
    current.Cumulative,
    current.Coverage,
    current.Person,
)


@dataclass(frozen=True)
class Tables:
    """Where people are kept; a migration passes its own historical models."""

    people: Any = current.Person
    coverages: Any = current.Coverage
    filings: Any = current.ChronicFiling


def seed_people(tables: Tables | None = None, rows: Iterable[DemoPerson] = (*PEOPLE, *LATER_PEOPLE)) -> None:
    """Insure every demo person who is not insured yet."""
    for row in rows:
        insure(row, tables or Tables())


def reset() -> None:
    """Forget everything that happened and start again with the demo people. Numbers are never used twice."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model in KEPT:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608 (our own tables)
        seed_people()


def insure(row: DemoPerson, tables: Tables | None = None) -> None:
    """Insure one person; a second insurance of the same person is added to the first."""
    kept = tables or Tables()
    person, _ = kept.people.objects.get_or_create(
        psn_no=row.psn_no,
        defaults={
            "name": row.name,
            "id_number": row.id_number,
            "gender": row.gender,
            "born_on": row.born_on,
            "card_no": row.card_no,
            "ec_token": f"EC{row.id_number}",
        },
    )
    coverage, is_new = kept.coverages.objects.get_or_create(
        person=person, insutype=row.insutype, defaults=_known(kept.coverages, _coverage(row, kept))
    )
    if is_new:
        for code, name in row.chronic:
            kept.filings.objects.create(
                coverage=coverage, dise_codg=code, dise_name=name, begins_on=INSURED_SINCE
            )


def _coverage(row: DemoPerson, tables: Tables) -> dict[str, Any]:
    return {
        "psn_type": row.psn_type,
        "status": row.status,
        "area": row.area,
        "insured_on": max(INSURED_SINCE, row.born_on),
        "balance": row.balance,
        "balance_of_year": row.balance_of_year,
        "opening_deducted": row.deducted,
        "remote_filed": row.remote_filed,
        "remote_kind": row.remote_kind,
        "is_civil_servant": row.is_civil_servant,
        "aid_category": row.aid_category,
        "employer": row.employer,
        "suspended_on": row.suspended_on,
        "family_payer": _payer(row, tables),
    }


def _payer(row: DemoPerson, tables: Tables) -> Any:
    if not row.family_payer:
        return None
    return tables.coverages.objects.filter(person__id_number=row.family_payer).order_by("pk").first()


def _known(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what an earlier state of the table had no column for."""
    columns = {field.name for field in model._meta.get_fields()}
    return {name: value for name, value in values.items() if name in columns}
