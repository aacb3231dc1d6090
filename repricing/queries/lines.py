"""Lines of a batch of corrections, and their sums by payer."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from billing.rules import Parts
from kernel.money import ZERO
from repricing.models import CorrectionLine

LEFT_OUT = ~Q(left_out_reason="") | ~Q(refusal="") | ~Q(skipped="")


def pending_lines(batch_id: int) -> QuerySet[CorrectionLine]:
    """What is still to be carried out."""
    return CorrectionLine.objects.filter(batch=batch_id, carried_out_at__isnull=True).exclude(LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Sums:
    """Lines and bills, and their differences by payer in yuan."""

    count: int
    bills: int
    parts: Parts

    @property
    def total(self) -> Decimal:
        """All payers together."""
        return self.parts.total


@dataclass(frozen=True, slots=True)
class BatchSums:
    """The lines that count, apart by sign; and how many do not."""

    increases: Sums
    decreases: Sums
    left_out: int
    refused: int
    skipped: int


def sums_of(batch_id: int) -> BatchSums:
    """One query."""
    lines = CorrectionLine.objects.filter(batch=batch_id)
    counts = ~LEFT_OUT
    row = lines.aggregate(
        **_sums("increases", counts & Q(difference_amount__gt=0)),
        **_sums("decreases", counts & Q(difference_amount__lt=0)),
        left_out=Count("pk", filter=~Q(left_out_reason="")),
        refused=Count("pk", filter=~Q(refusal="")),
        skipped=Count("pk", filter=~Q(skipped="")),
    )
    return BatchSums(
        _of(row, "increases"), _of(row, "decreases"), row["left_out"], row["refused"], row["skipped"]
    )


def _sums(name: str, where: Q) -> dict[str, object]:
    payers = {
        f"{name}_{payer}": Sum(f"{payer}_difference", filter=where) for payer in ("fund", "account", "cash")
    }
    return {
        f"{name}_count": Count("pk", filter=where),
        f"{name}_bills": Count("charge__bill", filter=where, distinct=True),
        **payers,
    }


def _of(row: dict[str, Decimal | int | None], name: str) -> Sums:
    fund, account, cash = (row[f"{name}_{payer}"] or ZERO for payer in ("fund", "account", "cash"))
    return Sums(
        int(row[f"{name}_count"] or 0),
        int(row[f"{name}_bills"] or 0),
        Parts(Decimal(fund), Decimal(account), Decimal(cash)),
    )


@dataclass(frozen=True, slots=True)
class BillSums:
    """One bill of a batch with what its lines sum to, left-out lines aside."""

    bill_number: str
    encounter_number: str
    patient_name: str
    lines: tuple[CorrectionLine, ...]

    @property
    def total(self) -> Decimal:
        """Yuan of the lines that count."""
        return sum((line.difference_amount for line in self.lines if line_counts(line)), ZERO)


def line_counts(line: CorrectionLine) -> bool:
    """Whether something comes of the line."""
    return not (line.left_out_reason or line.refusal or line.skipped)


def shown_lines(batch_id: int) -> QuerySet[CorrectionLine]:
    """Lines with everything a page or a file shows of them, bill by bill."""
    return (
        CorrectionLine.objects.filter(batch=batch_id)
        .select_related(
            "charge__bill__encounter__patient", "charge__document", "document", "supplementary_bill"
        )
        .order_by(F("charge__bill"), "charge__number")
    )
