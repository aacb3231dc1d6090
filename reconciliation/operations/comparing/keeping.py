"""What was found becomes differences: new ones opened, changed ones told, those that agree now closed.

The states written here are those of ``reconciliation.states.DIFFERENCE``: REOPEN and DISSOLVE.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

from reconciliation.models import Comparison, ComparisonRun

_SAID = (
    "other_key", "kind", "settlement_id", "claim_id", "order_id", "refund_id", "bill_id",
    "our_total", "our_fund", "our_account", "our_cash", "their_total", "their_fund", "their_account", "their_cash",
    "our_state", "their_state", "remark",
)  # fmt: skip
_COLUMNS = ", ".join(_SAID)
_FOUND = ", ".join(f"f.{name}" for name in _SAID)
_HELD = ", ".join(f"d.{name}" for name in _SAID)
_ENTRY = "INSERT INTO reconciliation_reconciliationentry (difference_id, act, way, reason, reference, fund_amount, account_amount, cash_amount, run_id, by_id, at)"

# A closed difference that both sides had agreed on, or that has other content now, is open again; one that a person
# has explained or corrected goes back to her. What was booked for it is taken back.
_CHANGED = f"""
WITH changed AS (
    SELECT d.id, d.state, d.state = 'closed' OR d.state IN ('explained', 'corrected') AS is_reopened
    FROM reconciliation_difference d JOIN recon_found f ON f.subject = d.subject AND f.key = d.key
    WHERE d.comparison_id = %(comparison)s
      AND (({_HELD}) IS DISTINCT FROM ({_FOUND}) OR d.state = 'closed' AND d.closed_because = 'vanished')
    FOR UPDATE OF d
), told AS (
    {_ENTRY}
    SELECT c.id, CASE WHEN c.is_reopened THEN 'reopened' ELSE 'changed' END, '', '', '',
           CASE WHEN c.is_reopened THEN -COALESCE(b.fund, 0) ELSE 0 END,
           CASE WHEN c.is_reopened THEN -COALESCE(b.account, 0) ELSE 0 END,
           CASE WHEN c.is_reopened THEN -COALESCE(b.cash, 0) ELSE 0 END, %(run)s, NULL, %(at)s
    FROM changed c LEFT JOIN LATERAL (
        SELECT sum(fund_amount) AS fund, sum(account_amount) AS account, sum(cash_amount) AS cash
        FROM reconciliation_reconciliationentry e WHERE e.difference_id = c.id
    ) b ON true
)
UPDATE reconciliation_difference d SET
    ({_COLUMNS}) = ({_FOUND}),
    state = CASE WHEN d.state = 'closed' THEN 'open' WHEN d.state IN ('explained', 'corrected') THEN 'taken'
                 ELSE d.state END,
    taken_by_id = CASE WHEN d.state = 'closed' THEN NULL ELSE d.taken_by_id END,
    taken_at = CASE WHEN d.state = 'closed' THEN NULL ELSE d.taken_at END,
    answered_by_id = NULL, needs_second_person = false, agreed_by_id = NULL,
    closed_at = NULL, closed_because = '', last_run_id = %(run)s
FROM recon_found f, changed c
WHERE c.id = d.id AND f.subject = d.subject AND f.key = d.key
"""  # noqa: S608 - put together from constants

_OPENED = f"""
WITH opened AS (
    INSERT INTO reconciliation_difference
        (comparison_id, subject, key, {_COLUMNS}, state, closed_because, found_at, first_run_id, last_run_id)
    SELECT %(comparison)s, f.subject, f.key, {_FOUND}, 'open', '', %(at)s, %(run)s, %(run)s FROM recon_found f
    ON CONFLICT (comparison_id, subject, key) DO NOTHING
    RETURNING id
)
{_ENTRY} SELECT id, 'found', '', '', '', 0, 0, 0, %(run)s, NULL, %(at)s FROM opened
"""  # noqa: S608

_SEEN = """
UPDATE reconciliation_difference d SET last_run_id = %(run)s
FROM recon_found f
WHERE d.comparison_id = %(comparison)s AND f.subject = d.subject AND f.key = d.key AND d.last_run_id <> %(run)s
"""

_VANISHED = f"""
WITH gone AS (
    UPDATE reconciliation_difference SET state = 'closed', closed_at = %(at)s, closed_because = 'vanished'
    WHERE comparison_id = %(comparison)s AND last_run_id <> %(run)s AND state <> 'closed'
    RETURNING id
)
{_ENTRY} SELECT id, 'dissolved', '', '', '', 0, 0, 0, %(run)s, NULL, %(at)s FROM gone
"""  # noqa: S608

# Ours of another day stands in their statement of this one: the two sides cut the day differently. A number that two
# areas have given is followed by that of the message, which tells whose it is.
_OTHER_DAY = f"""
WITH gone AS (
    UPDATE reconciliation_difference d SET state = 'closed', closed_at = %(at)s, closed_because = 'other_day'
    FROM recon_theirs t, reconciliation_comparison k
    WHERE d.subject = t.subject AND split_part(d.key, ' ', 1) = t.key AND d.kind = 'only_us' AND d.state <> 'closed'
      AND k.id = d.comparison_id AND k.id <> %(comparison)s AND k.source = %(source)s
      AND k.institution_id IS NOT DISTINCT FROM %(institution)s
      AND (d.settlement_id IS NULL OR t.other_key = '' OR EXISTS (
           SELECT 1 FROM insurance_settlement s WHERE s.id = d.settlement_id AND s.msgid = t.other_key))
    RETURNING d.id, d.comparison_id
), told AS (
    {_ENTRY} SELECT id, 'dissolved', '', '', %(day)s, 0, 0, 0, %(run)s, NULL, %(at)s FROM gone
)
SELECT DISTINCT comparison_id FROM gone
"""  # noqa: S608


@dataclass(frozen=True)
class Kept:
    """How many differences this run saw, how many of them nobody has closed, and which other days it relieved."""

    seen: int
    active: int
    relieved: tuple[int, ...]


def keep(cursor: CursorWrapper, comparison: Comparison, run: ComparisonRun, at: datetime) -> Kept:
    """Bring the differences of a comparison up to what ``recon_found`` holds; running twice changes nothing."""
    values: dict[str, Any] = {
        "comparison": comparison.pk,
        "run": run.pk,
        "at": at,
        "source": comparison.source,
        "institution": comparison.institution_id,
        "day": comparison.day.isoformat(),
    }
    for statement in (_CHANGED, _OPENED, _SEEN, _VANISHED):
        cursor.execute(statement, values)
    cursor.execute(_OTHER_DAY, values)
    relieved = tuple(row[0] for row in cursor.fetchall())
    cursor.execute(
        "SELECT count(*) FILTER (WHERE last_run_id = %(run)s), count(*) FILTER (WHERE state <> 'closed')"
        " FROM reconciliation_difference WHERE comparison_id = %(comparison)s",
        values,
    )
    seen, active = cursor.fetchone()
    return Kept(seen, active, relieved)
