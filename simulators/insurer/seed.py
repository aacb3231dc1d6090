"""Filling the insurer's tables with the demo people, and emptying them."""

from datetime import date

from .models import Coverage, Diagnosis, Fault, FeeRow, Manners, Message, Person, Settlement, SignIn, Visit
from .people import PEOPLE, DemoPerson
from .records import KEPT

INSURED_SINCE = date(2015, 1, 1)


def seed_people(people: type[Person] = Person, coverages: type[Coverage] = Coverage) -> None:
    """Insure every demo person who is not insured yet; a migration passes its own historical models."""
    for row in PEOPLE:
        if not people.objects.filter(psn_no=row.psn_no).exists():
            _insure(row, people, coverages)


def reset() -> None:
    """Forget everything that happened and start again with the demo people. Numbers are never used twice."""
    for model in (*KEPT, Fault, Manners, Diagnosis, FeeRow, Settlement, Visit, Message, SignIn, Person):
        model.objects.all().delete()
    seed_people()


def _insure(row: DemoPerson, people: type[Person], coverages: type[Coverage]) -> None:
    person = people.objects.create(
        psn_no=row.psn_no,
        name=row.name,
        id_number=row.id_number,
        gender=row.gender,
        born_on=row.born_on,
        card_no=row.card_no,
        ec_token=f"EC{row.id_number}",
    )
    coverages.objects.create(
        person=person,
        insutype=row.insutype,
        psn_type=row.psn_type,
        status=row.status,
        area=row.area,
        insured_on=max(INSURED_SINCE, row.born_on),
        balance=row.balance,
        opening_deducted=row.deducted,
        remote_filed=row.remote_filed,
    )
