"""Published files of knowledge points: read without changing anything, then taken as a whole or not at all."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel.errors import refuse_if_any
from screening.errors import ImportRefused
from screening.models import Grade, KnowledgeCode, KnowledgeImport, KnowledgePoint, ScreeningRule
from screening.rules.facts import plain_name
from screening.rules.files import sc04_takes_points, sc05_batch_of_rule
from screening.rules.kinds import Kind
from screening.rules.knowledge_file import Fault, ReadPoint, read_knowledge
from screening.states import KNOWLEDGE_IMPORT, ImportEvent, ImportState

_LONGEST_NAME = 200
_AT_ONCE = 2000


@transaction.atomic
def receive_import(
    *, rule_id: int, batch: str, file_name: str, content: bytes, grade: str = Grade.SOURCED, by: User, at: datetime
) -> KnowledgeImport:  # fmt: skip
    """Read a file for a rule and note its points and every fault; nothing of the rule changes.

    Raises:
        ImportRefused: the rule takes no file (SC-04), or the batch is none of its (SC-05).
    """
    rule = ScreeningRule.objects.select_for_update().get(pk=rule_id)
    refuse_if_any(
        (*sc04_takes_points(Kind(rule.kind)), *sc05_batch_of_rule(batch, rule.batch)), ImportRefused
    )
    read = read_knowledge(content, Kind(rule.kind))
    event = ImportEvent.FIND_FAULTS if read.faults else ImportEvent.READ_WELL
    found = KnowledgeImport.objects.create(
        rule=rule, batch=batch, file_name=file_name[-_LONGEST_NAME:], sha256=hashlib.sha256(content).hexdigest(),
        grade=grade, state=KNOWLEDGE_IMPORT.after(ImportState.UPLOADED, event),
        read_points=[] if read.faults else [_stored(point) for point in read.points.values()],
        point_count=len(read.points), code_count=read.code_count,
        faults=[_stored_fault(fault) for fault in read.faults], uploaded_by=by, uploaded_at=at,
    )  # fmt: skip
    facts = {"sha256": found.sha256, "points": found.point_count, "faults": len(read.faults)}
    audit.record("screening.import.read", on=found, by=by, at=at, facts=facts)
    return found


def _stored(point: ReadPoint) -> dict[str, Any]:
    number = point.limit.number
    return {
        "number": point.number, "name": point.name, "logic": point.logic, "basis": point.basis,
        "limit": point.limit.limit, "limit_number": str(number) if number is not None else None,
        "period_days": point.limit.period_days, "partner_code": point.partner_code,
        "partner_name": point.partner_name, "codes": point.codes,
    }  # fmt: skip


def _stored_fault(fault: Fault) -> dict[str, Any]:
    return {
        "code": fault.code, "sheet": fault.sheet, "cell": fault.cell, "typed": fault.typed,
        "values": dict(fault.values),
    }  # fmt: skip


@transaction.atomic
def take_import(*, import_id: int, by: User, at: datetime) -> KnowledgeImport:
    """Put the points of a file in the place of those that the rule has of the same batch; taking twice takes once.

    Demonstration points stay: they are of no batch of the publication.

    Raises:
        IllegalTransition: the file has faults.
    """
    found = KnowledgeImport.objects.select_for_update().get(pk=import_id)
    if found.state == ImportState.TAKEN:
        return found
    found.state = KNOWLEDGE_IMPORT.after(found.state, ImportEvent.TAKE)
    rule = ScreeningRule.objects.select_for_update().get(pk=found.rule_id)
    replaced, _per_table = rule.points.filter(batch=found.batch).exclude(grade=Grade.DEMONSTRATION).delete()
    _put(found)
    found.taken_by, found.taken_at = by, at
    found.save(update_fields=["state", "taken_by", "taken_at"])
    facts = {
        "import": found.pk,
        "sha256": found.sha256,
        "points": found.point_count,
        "rows_replaced": replaced,
    }
    audit.record("screening.rule.points_taken", on=rule, by=by, at=at, facts=facts)
    return found


def _put(found: KnowledgeImport) -> None:
    points = KnowledgePoint.objects.bulk_create(
        (_point(found, row) for row in found.read_points), batch_size=_AT_ONCE
    )
    KnowledgeCode.objects.bulk_create(
        (
            KnowledgeCode(point=point, code=code)
            for point, row in zip(points, found.read_points, strict=True)
            for code in row["codes"]
        ),
        batch_size=_AT_ONCE,
    )


def _point(found: KnowledgeImport, row: Mapping[str, Any]) -> KnowledgePoint:
    number = row["limit_number"]
    return KnowledgePoint(
        rule_id=found.rule_id, batch=found.batch, number=row["number"], name=row["name"],
        plain_name=plain_name(row["name"]), logic=row["logic"], basis=row["basis"], limit=row["limit"],
        limit_number=Decimal(number) if number else None, period_days=row["period_days"],
        partner_code=row["partner_code"], partner_name=row["partner_name"], grade=found.grade, taken_from=found,
    )  # fmt: skip
