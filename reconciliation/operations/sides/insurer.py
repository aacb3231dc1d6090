"""The insurer's day beside ours: sums by group first (3201), rows only of what differs (9101, 3202, 9102)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from django.db import connection
from django.db.backends.utils import CursorWrapper

from insurance.gateway import messages as m
from kernel.identifiers import veiled
from kernel.money import ZERO
from reconciliation.models import Comparison, GroupTotal
from reconciliation.models.differences import OUTCOME_OPEN
from reconciliation.operations.comparing import insurer_sql
from reconciliation.operations.comparing.loading import load_theirs
from reconciliation.operations.sides import insurer_files
from reconciliation.operations.sides.asking import Asking
from reconciliation.operations.sides.common import Compared
from reconciliation.queries.groups import groups_known_before
from reconciliation.rules.groups import GroupKey, GroupSums, added, to_be_asked
from reconciliation.rules.kinds import Subject
from reconciliation.rules.lines import StatementUnreadable, TheirLine
from reconciliation.rules.schedule import bounds_of


@dataclass(frozen=True)
class Answered:
    """Our sums of a group, and what the insurer says of them."""

    ours: GroupSums
    statement: m.TotalStatement


class InsurerSide:
    """One institution's day at its insurer."""

    def __init__(self, comparison: Comparison) -> None:
        """Of one day and institution."""
        if comparison.institution is None:
            raise ValueError("the insurer's day is an institution's")
        self.comparison = comparison
        self._asking = Asking(comparison.institution, comparison.day)
        begin, until = bounds_of(comparison.day)
        self._values: dict[str, Any] = {
            "institution": comparison.institution_id,
            "begin": begin,
            "until": until,
            "beside": self._asking.is_mutual_aid_beside,
            "unknown": [state.value for state in OUTCOME_OPEN],
        }
        self._answered: list[Answered] = []
        self._files: list[bytes] = []

    def __enter__(self) -> Self:
        """Nothing to open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What was fetched may go."""
        self._files.clear()

    def fetch(self) -> None:
        """3201 for every group; for an agency and clearing type of which one is not equal, its rows."""
        self._answered = [Answered(sums, self._asking.total(sums)) for sums in self._sums()]
        for statement in self._differing():
            ours = added(each.ours for each in self._answered if each.ours.key.statement == statement)
            packed = insurer_files.packed(self._values, ours.key, self._asking.filename)
            self._files.append(self._asking.details(ours, packed))

    def compare(self, cursor: CursorWrapper, at: datetime) -> Compared:
        """Rows of what differs; the groups that are equal hold the same by what the insurer said."""
        self._keep_groups()
        loaded = load_theirs(cursor, self._lines(), apart=True)
        values = self._values | {
            "asked": ["/".join(statement) for statement in self._differing()],
            "lists_all": _lists_all(cursor),
        }
        for statement in (insurer_sql.PAIRS, insurer_sql.CLASSIFY, insurer_sql.UNKNOWN):
            cursor.execute(statement, values)
        whole = added(each.ours for each in self._answered)
        their_count = loaded.count if self._files else None
        return Compared(whole.count, whole.total, their_count, loaded.sha256)

    def _sums(self) -> list[GroupSums]:
        institution = self.comparison.institution
        region = institution.region_code if institution else ""
        with connection.cursor() as cursor:
            cursor.execute(insurer_sql.SUMS, self._values)
            held = [GroupSums(GroupKey(*row[:3]), *row[3:]) for row in cursor.fetchall()]
        return to_be_asked(held, groups_known_before(self.comparison), region)

    def _differing(self) -> list[tuple[str, str]]:
        """Clearing agency and clearing type of the statements that are not equal, each once."""
        unlike = (each.ours.key.statement for each in self._answered if not each.statement.is_equal)
        return list(dict.fromkeys(unlike))

    def _keep_groups(self) -> None:
        self.comparison.groups.all().delete()
        GroupTotal.objects.bulk_create(_row(self.comparison, each) for each in self._answered)

    def _lines(self) -> Iterator[TheirLine]:
        try:
            for content in self._files:
                for row in m.read_rows(content):
                    yield _as_stated(row)
        except m.ReplyInconsistent as error:
            raise StatementUnreadable(str(error)) from error


def _as_stated(row: m.ComparedRow) -> TheirLine:
    back = row.is_refund or row.total_amount < ZERO
    return TheirLine(
        subject=(Subject.REVERSAL if back else Subject.SETTLEMENT).value,
        key=row.settlement_number,
        other_key=row.msgid or "",
        total=str(row.total_amount),
        fund=str(row.fund_amount),
        account=str(row.account_amount),
        cash="",
        status="refunded" if row.is_refund else "in_force",
        verdict="same" if row.is_equal else "other",
        remark=veiled(row.memo or ""),
    )


def _lists_all(cursor: CursorWrapper) -> bool:
    """Whether the result also names what is the same on both sides."""
    cursor.execute("SELECT EXISTS (SELECT 1 FROM recon_theirs WHERE verdict = 'same')")
    (lists_all,) = cursor.fetchone()
    return bool(lists_all)


def _row(comparison: Comparison, each: Answered) -> GroupTotal:
    ours = each.ours
    return GroupTotal(
        comparison=comparison,
        insurance_type=ours.key.insurance_type,
        clearing_type=ours.key.clearing_type,
        clearing_agency=ours.key.clearing_agency,
        our_count=ours.count,
        total_amount=ours.total,
        fund_amount=ours.fund,
        account_amount=ours.account,
        cash_amount=ours.cash,
        is_balanced=each.statement.is_equal,
        answer=each.statement.description or "",
    )
