"""Tell the insurer what became of its findings (3103): gone on with a reason, or changed."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from insurance.gateway.messages.analysis import CHANGE, GO_ON
from insurance.gateway.port import GatewayError, GatewayRefused
from insurance.operations.insurer import insurer_of
from insurance.operations.messages import exchange
from kernel import jobs
from screening.models import Analysis, Asked, HandlingReport, Screening
from screening.operations.wording import handling_of
from screening.rules.findings import INSURER

logger = logging.getLogger(__name__)

PAUSES = (1, 5, 30, 120, 720)
"""Minutes between attempts; after the last one the report stays untold, and its page says so."""


@transaction.atomic
def report_handling_later(screening: Screening) -> list[HandlingReport]:
    """Write what is to be told of every question about the order that found something, and have it told.

    What was found in exactly what is signed was answered with a reason; what was found in earlier contents was changed.
    """
    open_ones = Analysis.objects.filter(
        order_key=screening.order_key, moment=screening.moment, asked=Asked.ANSWERED, report=None
    ).exclude(warnings=[])  # fmt: skip
    reasons = dict(screening.findings.filter(origin=INSURER).values_list("warning_id", "reason"))
    written = [_write(analysis, screening, reasons) for analysis in open_ones]
    for report in written:
        jobs.enqueue("screening.report_handling", report_id=report.pk)
    return written


def _write(analysis: Analysis, screening: Screening, reasons: dict[str, str]) -> HandlingReport:
    stayed = analysis.digest == screening.digest
    answers = [
        {
            "id": warning["id"],
            "way": GO_ON if stayed else CHANGE,
            "reason": reasons.get(warning["id"], "") if stayed else "",
        }
        for warning in analysis.warnings
    ]
    return HandlingReport.objects.create(analysis=analysis, answers=answers, written_at=screening.at)


def report_handling(*, report_id: int, at: datetime) -> HandlingReport:
    """Tell it; silence is tried again later, a refusal is kept and not repeated. Told once, it is not told again."""
    report = HandlingReport.objects.select_related("analysis__encounter__registration__encounter__institution").get(
        pk=report_id
    )  # fmt: skip
    if report.is_told:
        return report
    registration = report.analysis.encounter.registration
    request = handling_of(report)
    gateway = insurer_of(registration.encounter.institution)
    try:
        exchange(
            "3103",
            lambda msgid: gateway.report_handling(msgid, request),
            registration=registration,
            repeatable=True,
        )
    except GatewayError as error:
        return _put_off(report, error, at=at)
    report.is_told, report.told_at, report.error = True, at, ""
    report.attempts += 1
    report.save(update_fields=["is_told", "told_at", "error", "attempts"])
    return report


@transaction.atomic
def _put_off(report: HandlingReport, error: GatewayError, *, at: datetime) -> HandlingReport:
    logger.warning("3103 about %s not told: %s", report.analysis.order_key, error.reason)
    report.error = error.reason[:300]
    is_final = isinstance(error, GatewayRefused) or report.attempts >= len(PAUSES)
    if not is_final:
        due = at + timedelta(minutes=PAUSES[report.attempts])
        jobs.enqueue("screening.report_handling", due_at=due, report_id=report.pk)
    report.attempts += 1
    report.save(update_fields=["error", "attempts"])
    return report
