"""Traceability codes: noted when packs are handed out, and when some come back; both told to the insurer."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel import jobs
from kernel.clock import day_of
from prescriptions.errors import NotDispensable, PacksRefused, refuse
from prescriptions.models import InsurerReport, PackCode, Prescription, PrescriptionLine, ReportKind
from prescriptions.queries import order_of, pharmacist_of
from prescriptions.rules.packs import LinePacks, ep17_return, pack_findings
from registry.models import Practitioner
from screening import operations as screening
from screening.rules.facts import OrderFacts
from screening.rules.kinds import Moment

SEND = "prescriptions.send_report"


def hand_out_packs(
    prescription: Prescription,
    packs: Sequence[LinePacks],
    *,
    pharmacist: Practitioner,
    by: User,
    at: datetime,
) -> None:
    """Note the codes of the packs that are handed out, within the dispensing.

    Raises:
        NotDispensable: EP-11 to EP-16 are broken, or an audit rule denies it.
    """
    rows = {line.number: line for line in prescription.lines.all()}
    given = {one.number: one for one in packs if one.number in rows}
    lines = tuple(given.get(number) or LinePacks(number, rows[number].packs, ()) for number in sorted(rows))
    codes = [code for line in lines for code in line.codes]
    sold = frozenset(PackCode.objects.filter(code__in=codes).values_list("code", flat=True))
    required = settings.TRACEABILITY_CODES_REQUIRED
    refuse(pack_findings(lines, sold=sold, on=day_of(at), is_required=required), NotDispensable)
    if not codes:
        return
    screening.screen(_order(prescription, codes, at), moment=Moment.BEFORE_DISPENSING, by=by, at=at).refuse()
    for line in lines:
        _note(rows[line.number], line, pharmacist, at)
    encounter = prescription.encounter
    screening.sell_trace_codes(
        codes=codes, order_key=str(prescription), institution_code=encounter.institution.code, at=at
    )


def _order(prescription: Prescription, codes: Sequence[str], at: datetime) -> OrderFacts:
    return order_of(prescription, at, trace_codes=codes)


def _note(row: PrescriptionLine, line: LinePacks, pharmacist: Practitioner, at: datetime) -> None:
    if not line.codes:
        return
    PackCode.objects.bulk_create(
        PackCode(
            code=code, line=row, lot_number=line.lot_number.strip(), made_on=line.made_on,
            expires_on=line.expires_on, sold_at=at, sold_by=pharmacist,
        )
        for code in line.codes
    )  # fmt: skip
    _report(row, ReportKind.SALE, line.codes, at)


def _report(row: PrescriptionLine, kind: ReportKind, codes: Sequence[str], at: datetime) -> None:
    report = InsurerReport.objects.create(
        kind=kind,
        encounter_id=row.prescription.encounter_id,
        line=row,
        codes=list(codes),
        due_at=at,
        next_ask_at=at,
    )
    jobs.enqueue(SEND, report_id=report.pk)


@transaction.atomic
def note_suspicious_codes(*, prescription_id: int, codes: Sequence[str], by: User, at: datetime) -> None:
    """Remember a refused handing out whose codes an audit rule would deny, for the insurance office."""
    if codes:
        prescription = Prescription.objects.select_related("encounter").get(pk=prescription_id)
        screening.screen(_order(prescription, codes, at), moment=Moment.BEFORE_DISPENSING, by=by, at=at)


@transaction.atomic
def take_back(
    *, prescription_id: int, codes: Collection[str], reason: str, by: User, at: datetime
) -> Sequence[PackCode]:
    """Note that packs came back, as 3506 tells the insurer; twice does it once.

    They are destroyed, not sold again, so the stock stays; the money goes its own way (checkout).

    Raises:
        NotFoundForYou: the user is no pharmacist.
        PacksRefused: EP-17 is broken.
    """
    pharmacist = pharmacist_of(by)
    prescription = Prescription.objects.select_for_update(of=("self",)).get(pk=prescription_id)
    rows = (
        PackCode.objects.filter(line__prescription=prescription).select_related("line").order_by("line", "pk")
    )
    packs = {pack.code: pack for pack in rows}
    refuse(ep17_return(tuple(codes), frozenset(packs), reason), PacksRefused)
    back = [packs[code] for code in codes if packs[code].returned_at is None]
    for pack in back:
        pack.returned_at, pack.returned_by, pack.return_reason = at, pharmacist, reason.strip()[:200]
        pack.save(update_fields=["returned_at", "returned_by", "return_reason"])
    for line in {pack.line_id: pack.line for pack in back}.values():
        _report(line, ReportKind.RETURN, [pack.code for pack in back if pack.line_id == line.pk], at)
    if back:
        screening.return_trace_codes(codes=[pack.code for pack in back], order_key=str(prescription), at=at)
        facts = {"codes": [pack.code for pack in back]}
        audit.record("prescriptions.packs.returned", on=prescription, by=by, at=at, facts=facts)
    return back
