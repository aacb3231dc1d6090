"""The channel's bill of a day beside our payments and refunds."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from django.db.backends.utils import CursorWrapper

from payments.gateway.channel import gateway_of
from payments.gateway.port import BillNotReady, NoBill, PaymentRefused, PaymentUnanswered
from payments.gateway.trade_bill import BillUnreadable, TradeLine
from payments.models import Channel
from reconciliation.errors import StatementMissing
from reconciliation.models import Comparison
from reconciliation.operations.comparing import channel_sql
from reconciliation.operations.comparing.loading import load_theirs
from reconciliation.operations.sides.common import Compared
from reconciliation.rules.kinds import Source, Subject
from reconciliation.rules.lines import StatementUnreadable, TheirLine
from reconciliation.rules.schedule import bounds_of

_IN_MEMORY_BYTES = 4_000_000

CHANNEL_OF = {Source.CHANNEL: Channel.WECHAT, Source.ALIPAY: Channel.ALIPAY}
"""Which channel's bill a source is."""


class ChannelSide:
    """A channel's trade bill; the merchant account serves all institutions."""

    def __init__(self, comparison: Comparison) -> None:
        """Of one day."""
        self.day = comparison.day
        self.channel = CHANNEL_OF[Source(comparison.source)]
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """A file for the bill; it lies on disk once it is large."""
        self._bill = self._stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The file goes."""
        self._stack.close()

    def fetch(self) -> None:
        """Fetch the bill; a day without any trade has none, which is an answer."""
        try:
            gateway_of(self.channel).fetch_trade_bill(self.day, self._bill)
        except NoBill:
            return
        except BillNotReady as early:
            raise StatementMissing("the bill is still being made") from early
        except (PaymentRefused, PaymentUnanswered) as error:
            raise StatementMissing(str(error)) from error

    def compare(self, cursor: CursorWrapper, at: datetime) -> Compared:
        """Payments by our order number, refunds by our refund number."""
        begin, until = bounds_of(self.day)
        values: dict[str, Any] = {"channel": self.channel.value, "begin": begin, "until": until, "now": at}
        cursor.execute(channel_sql.SUMS, values)
        count, amount = cursor.fetchone()
        loaded = load_theirs(cursor, self._lines())
        for statement in (channel_sql.PAIRS, channel_sql.CLASSIFY, channel_sql.UNKNOWN):
            cursor.execute(statement, values)
        return Compared(count, amount, loaded.count, loaded.sha256)

    def _lines(self) -> Iterator[TheirLine]:
        self._bill.seek(0)
        try:
            for line in gateway_of(self.channel).read_trade_bill(self._bill):
                yield _as_stated(line)
        except BillUnreadable as error:
            raise StatementUnreadable(str(error)) from error


def _as_stated(line: TradeLine) -> TheirLine:
    """Money that went back is negative."""
    if line.is_refund:
        return TheirLine(
            Subject.REFUND.value, line.out_refund_no, line.refund_id, f"-{line.refund_amount}", "", "",
            f"-{line.refund_amount}", line.refund_status, "", "",
        )  # fmt: skip
    return TheirLine(
        Subject.PAYMENT.value, line.out_trade_no, line.transaction_id, line.amount, "", "", line.amount,
        line.trade_state, "", "",
    )  # fmt: skip
