"""The count: our tables beside the insurer's and the channel's, every row and every fen."""

from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.people import People
from tests.live_stack import LiveStack

_OURS = """
    SELECT s.number, s.msgid, s.total_amount, s.fund_amount, s.account_amount, s.cash_amount
    FROM insurance_settlement s
"""
_THEIRS = """
    SELECT setl_id, msgid, sign * abs(medfee), sign * abs(fund_pay), sign * abs(acct_pay), sign * abs(cash_pay)
    FROM insurer_settlement
"""
_OUR_CLAIMS = """
    SELECT c.batch_number, c.state, coalesce(sum(s.total_amount), 0), count(s.id)
    FROM insurance_claim c LEFT JOIN insurance_settlement s ON s.claim_id = c.id GROUP BY c.id
"""
_THEIR_BATCHES = "SELECT chrg_bchno, sum(sign), count(*) FILTER (WHERE sign > 0) FROM insurer_settlement GROUP BY chrg_bchno"
_CASH_HERE = """
    SELECT coalesce(sum(bill.cash_amount * 100) FILTER (WHERE checkout.state = 'settled'), 0)::bigint
    FROM checkout_checkout checkout JOIN billing_bill bill ON bill.id = checkout.bill_id
"""
_CASH_THERE = """
    SELECT coalesce((SELECT sum(total) FROM wechatpay_order WHERE paid_at IS NOT NULL), 0)
         - coalesce((SELECT sum(amount) FROM wechatpay_refund WHERE status = 'SUCCESS'), 0)
"""
_STATES = """
    SELECT checkout.state, claim.state, count(*) FROM checkout_checkout checkout
    LEFT JOIN insurance_claim claim ON claim.id = checkout.claim_id GROUP BY 1, 2 ORDER BY 1, 2
"""
_AT_REST = {"settled", "declined", "abandoned", "reversed", "voided"}


@dataclass
class Table:
    """What was counted, and whether each count is as it must be."""

    told: list[str] = field(default_factory=list)
    counts: list[tuple[str, object, object]] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """Whether every count is what it must be."""
        return all(found == wanted for _what, found, wanted in self.counts)

    def lines(self) -> list[str]:
        """The table, as text."""
        head = [*self.told, "", f"{'must be':>12}  {'is':>12}"]
        rows = [
            f"{wanted!s:>12}  {found!s:>12}  {'  ' if found == wanted else '! '}{what}"
            for what, found, wanted in self.counts
        ]
        return [*head, *rows, "", "right" if self.is_right else "WRONG"]


def count(live: LiveStack, people: People, happened: Counter[str]) -> Table:
    """Lay the tables beside each other."""
    table = Table()
    table.told += [f"{number:>6}  {what}" for what, number in sorted((happened + people.did).items())]
    table.told += [
        f"{number:>6}  checkout {one}, claim {claim}" for one, claim, number in live.query(_STATES)
    ]
    _count_settlements(live, table)
    _count_claims(live, table)
    here, there = _number(live.query(_CASH_HERE)), _number(live.query_simulators(_CASH_THERE))
    table.counts.append(("fen the channel holds of settled bills", there, here))
    table.counts.append(("bills at rest", len(people.at_rest), people.wanted))
    return table


def _count_settlements(live: LiveStack, table: Table) -> None:
    ours, theirs = live.query(_OURS), live.query_simulators(_THEIRS)
    if not ours:
        table.counts.append(("settlements, to have tried anything at all", 0, "some"))
    table.counts += [
        ("settlements and reversals here, as many as there", len(ours), len(theirs)),
        ("that only we hold", len(set(ours) - set(theirs)), 0),
        ("that only the insurer holds", len(set(theirs) - set(ours)), 0),
        ("settled twice there under two of our numbers", *_twice(live)),
    ]


def _number(rows: list[tuple[object, ...]]) -> int:
    """The one whole number that a statement gives."""
    return int(str(rows[0][0]))


def _twice(live: LiveStack) -> tuple[int, int]:
    """Batches that were in force more than once, and how many there may be."""
    return sum(
        1 for _batch, _sum, settled in live.query_simulators(_THEIR_BATCHES) if int(str(settled)) > 1
    ), 0


def _count_claims(live: LiveStack, table: Table) -> None:
    there = {batch: int(str(in_force)) for batch, in_force, _settled in live.query_simulators(_THEIR_BATCHES)}
    claims = live.query(_OUR_CLAIMS)
    unknown = [state for _batch, state, _sum, _rows in claims if state not in _AT_REST]
    settled = {batch for batch, state, _sum, _rows in claims if state == "settled"}
    in_force = {batch for batch, number in there.items() if number}
    not_zero = [batch for batch, state, total, _rows in claims if state == "reversed" and total != 0]
    table.counts += [
        ("claims not at rest", len(unknown), 0),
        ("claims settled here and not in force there", len(settled - in_force), 0),
        ("claims in force there and not settled here", len(in_force - settled), 0),
        ("reversed claims whose money does not sum to zero", len(not_zero), 0),
    ]
