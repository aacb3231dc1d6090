"""What a tester may order on the control page. Each function returns why it cannot be done, None when it was."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from . import faults
from .fields import number_or_none
from .handlers.lookups import STATUS_NAMES
from .institutions import INSTITUTIONS
from .models import (
    AgreementHold,
    ChronicFiling,
    Coverage,
    Fault,
    FaultRate,
    Manners,
    Person,
    RegisteredDoctor,
)
from .people import insured_person
from .reading import Reader
from .seed import insure, reset
from .specs import TRANSACTIONS

Asked = dict[str, Any]

DEFAULT_DELAY_SECONDS = 20.0
LONGEST_DELAY_SECONDS = 600
MOST_DAYS_AHEAD = 3700
EVERY_KIND = "*"
MANNERS = {
    "repeated_msgid": ("replay", "refuse"),
    "amounts": ("text", "number"),
    "undoing": ("same_day", "always"),
    "mutual_aid": ("beside", "inside"),
    "doctors": ("open", "listed"),
}
YES, NO = ("1", "true"), ("0", "false", "")


def order_fault(asked: Asked) -> str | None:
    """Misbehave in the next messages: infno or *, kind, count, delay_seconds, text."""
    if refusal := _unknown_fault(asked):
        return refusal
    count, delay = _number(asked.get("count") or 1), _delay(asked)
    if count is None or count != int(count) or delay is None:
        return "count and delay_seconds must be numbers"
    if not (0 < count <= 1000 and 0 <= delay <= LONGEST_DELAY_SECONDS):
        return "count 1..1000, delay_seconds 0..600"
    Fault.objects.create(
        infno=asked["infno"],
        kind=asked["kind"],
        remaining=int(count),
        delay_seconds=float(delay),
        text=str(asked.get("text") or "")[:500],
    )
    return None


def order_rate(asked: Asked) -> str | None:
    """Misbehave with a probability: infno (or *), kind (or *), percent, delay_seconds, text, seed.

    0 percent takes the rate away. A seed begins the row of chances anew.
    """
    asked = {"infno": faults.EVERY_TRANSACTION} | asked
    kinds = list(faults.KINDS) if asked.get("kind") == EVERY_KIND else [str(asked.get("kind"))]
    if refusal := _unknown_fault(asked | {"kind": kinds[0]}):
        return refusal
    percent, delay = _number(asked.get("percent")), _delay(asked)
    seed = _number(asked["seed"]) if asked.get("seed") not in (None, "") else Decimal(0)
    if percent is None or delay is None or seed is None or seed != int(seed):
        return "percent, delay_seconds and seed must be numbers"
    if not (0 <= percent <= 100 and 0 <= delay <= LONGEST_DELAY_SECONDS):
        return "percent 0..100, delay_seconds 0..600"
    FaultRate.objects.filter(infno=asked["infno"], kind__in=kinds).delete()
    FaultRate.objects.bulk_create(
        FaultRate(
            infno=asked["infno"],
            kind=kind,
            probability=float(percent / 100),
            delay_seconds=float(delay),
            text=str(asked.get("text") or "")[:500],
        )
        for kind in kinds
        if percent
    )
    faults.restart(None if asked.get("seed") in (None, "") else int(seed))
    return None


def clear_faults(asked: Asked) -> str | None:
    """Behave again: no ordered fault, no rate."""
    Fault.objects.all().delete()
    FaultRate.objects.all().delete()
    return None


def set_manners(asked: Asked) -> str | None:
    """Answer as another province does."""
    row = Manners.objects.first() or Manners()
    for name, choices in MANNERS.items():
        value = asked.get(name, getattr(row, name))
        if value not in choices:
            return f"{name} is one of {', '.join(choices)}"
        setattr(row, name, value)
    row.save()
    return None


def move_calendar(asked: Asked) -> str | None:
    """Live some days ahead of the real calendar: days_ahead (0 returns to today). Sign numbers become stale."""
    days = _number(asked.get("days_ahead"))
    if days is None or days != int(days) or not 0 <= days <= MOST_DAYS_AHEAD:
        return f"days_ahead is a whole number 0..{MOST_DAYS_AHEAD}"
    row = Manners.objects.first() or Manners()
    row.days_ahead = int(days)
    row.save()
    return None


def change_person(asked: Asked) -> str | None:
    """Change a coverage: id_number (and insutype when there are several), then any of what it holds."""
    coverage = _coverage(asked)
    if coverage is None:
        return "unknown person"
    status = asked.get("status", coverage.status)
    amounts = {name: asked[name] for name in ("balance", "balance_of_year", "deducted") if name in asked}
    flags = {name: _flag(asked[name]) for name in ("remote_filed", "is_civil_servant") if name in asked}
    if status not in STATUS_NAMES or None in map(number_or_none, amounts.values()):
        return "status is one digit 0..4; balance and deducted are yuan"
    if None in flags.values():
        return "remote_filed and is_civil_servant are true or false"
    coverage.status = status
    for name in ("balance", "balance_of_year"):
        setattr(coverage, name, Decimal(amounts.get(name, getattr(coverage, name))))
    for name, flag in flags.items():
        setattr(coverage, name, flag)
    for name in ("remote_kind", "aid_category", "psn_type", "area", "employer"):
        setattr(coverage, name, str(asked.get(name, getattr(coverage, name))))
    if "deducted" in asked:
        coverage.opening_deducted = asked["deducted"]
        coverage.cumulatives.filter(counter="outpatient", window="").update(deducted=asked["deducted"])
    coverage.save()
    return None


def insure_person(asked: Asked) -> str | None:
    """Insure somebody: name, id_number, and any of psn_no, insutype, psn_type, area, status, balance, deducted."""
    reader = Reader(asked)
    row = insured_person(reader)
    if reader.faults:
        return "；".join(f"{fault.field}：{fault.message}" for fault in reader.faults)
    if Person.objects.filter(id_number=row.id_number, coverages__insutype=row.insutype).exists():
        return "is insured already"
    insure(row)
    return None


def link_family(asked: Asked) -> str | None:
    """Let a relative's account help out: id_number, payer (ID number; empty ends it)."""
    coverage = _coverage(asked)
    if coverage is None:
        return "unknown person"
    payer = None
    if asked.get("payer"):
        payer = _coverage({"id_number": asked["payer"]})
        if payer is None or payer.person_id == coverage.person_id:
            return "unknown payer"
        if payer.family_payer_id or coverage.family_members.exists():
            return "a payer has no payer herself"
    coverage.family_payer = payer
    coverage.save(update_fields=["family_payer"])
    return None


def file_chronic(asked: Asked) -> str | None:
    """Acknowledge a chronic disease: id_number, dise_codg, dise_name, begins_on, ends_on."""
    coverage, reader = _coverage(asked), Reader(asked)
    code, name = reader.text("dise_codg"), reader.text("dise_name", "门诊慢特病")
    begins_on, ends_on = reader.day("begins_on", date(2020, 1, 1)), reader.day("ends_on", None)
    if coverage is None or reader.faults:
        return "unknown person" if coverage is None else f"{reader.faults[0].field} is wrong"
    ChronicFiling.objects.update_or_create(
        coverage=coverage,
        dise_codg=code,
        defaults={"dise_name": name, "begins_on": begins_on, "ends_on": ends_on},
    )
    return None


def hold_agreement(asked: Asked) -> str | None:
    """Let the agreement with an institution rest or resume: institution, suspended, reason, begins_on, ends_on."""
    code, suspended, reader = asked.get("institution"), _flag(asked.get("suspended", True)), Reader(asked)
    begins_on, ends_on = reader.day("begins_on", date(2020, 1, 1)), reader.day("ends_on", None)
    if code not in INSTITUTIONS or suspended is None or reader.faults:
        return "institution, suspended (true or false), begins_on and ends_on (yyyy-mm-dd)"
    AgreementHold.objects.filter(institution=code).delete()
    if suspended:
        AgreementHold.objects.create(
            institution=code,
            reason=str(asked.get("reason") or "违反协议约定")[:200],
            begins_on=begins_on,
            ends_on=ends_on,
        )
    return None


def register_doctor(asked: Asked) -> str | None:
    """Write a doctor into the code database: code, name, institution, is_insured."""
    code, is_insured = str(asked.get("code") or ""), _flag(asked.get("is_insured", True))
    if not 0 < len(code) <= 30 or is_insured is None:
        return "code has up to 30 characters; is_insured is true or false"
    RegisteredDoctor.objects.update_or_create(
        code=code,
        defaults={
            "name": str(asked.get("name") or "")[:50],
            "institution": str(asked.get("institution") or "")[:12],
            "is_insured": is_insured,
        },
    )
    return None


def begin_anew(asked: Asked) -> str | None:
    """Forget everything that happened."""
    reset()
    return None


ACTIONS: dict[str, Callable[[Asked], str | None]] = {
    "faults": order_fault,
    "fault_rates": order_rate,
    "clear_faults": clear_faults,
    "manners": set_manners,
    "calendar": move_calendar,
    "person": change_person,
    "insure": insure_person,
    "family": link_family,
    "chronic": file_chronic,
    "agreement": hold_agreement,
    "doctor": register_doctor,
    "reset": begin_anew,
}


def _unknown_fault(asked: Asked) -> str | None:
    if asked.get("infno") not in {*TRANSACTIONS, faults.EVERY_TRANSACTION}:
        return "unknown infno"
    return None if asked.get("kind") in faults.KINDS else "unknown kind"


def _coverage(asked: Asked) -> Coverage | None:
    rows = Coverage.objects.filter(person__id_number=asked.get("id_number")).order_by("pk")
    if asked.get("insutype"):
        rows = rows.filter(insutype=asked["insutype"])
    return rows.first()


def _number(value: object) -> Decimal | None:
    return number_or_none(str(value) if isinstance(value, float) else value)


def _delay(asked: Asked) -> Decimal | None:
    value = asked.get("delay_seconds")
    return _number(DEFAULT_DELAY_SECONDS if value in (None, "") else value)


def _flag(value: object) -> bool | None:
    text = str(value).lower()
    return True if text in YES else False if text in NO else None
