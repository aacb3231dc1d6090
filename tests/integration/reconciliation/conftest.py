"""A played insurer, a played channel, and the comparison of one day."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import IO

import pytest

from accounts.models import User
from payments.gateway.port import NoBill
from payments.gateway.trade_bill import TradeLine, read_trade_bill
from reconciliation.models import Comparison
from reconciliation.operations import opening, running
from reconciliation.operations.sides import channel, insurer
from reconciliation.rules.kinds import Source
from tests.factories import reconciliation as made

Run = Callable[..., Comparison]

HEADING = "交易时间,微信订单号,商户订单号,交易状态,微信退款单号,商户退款单号,退款状态,商品名称,订单金额,申请退款金额"
SUMS = "总交易单数,订单总金额\r\n`2,`2.00"


@pytest.fixture
def officer(db: None) -> User:
    """Who works through the differences."""
    return made.officer()


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> made.Insurer:
    """The insurer; equal totals until it is told otherwise."""
    player = made.Insurer()
    monkeypatch.setattr(made.PlayedAsking, "insurer", player)
    monkeypatch.setattr(insurer, "Asking", made.PlayedAsking)
    return player


@pytest.fixture
def bill_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[str]], None]:
    """Let the channel's bill of every day hold these lines (values between commas); none: there was no trade."""

    class PlayedChannel:
        def __init__(self, lines: Sequence[str]) -> None:
            self.lines = lines

        def fetch_trade_bill(self, on: date, into: IO[bytes]) -> None:
            if not self.lines:
                raise NoBill("NO_STATEMENT_EXIST", "账单文件不存在")
            rows = [",".join(f"`{value}" for value in line.split(",")) for line in self.lines]
            into.write("\r\n".join(["\ufeff" + HEADING, *rows, SUMS]).encode())

        def read_trade_bill(self, bill: IO[bytes]) -> Iterator[TradeLine]:
            return read_trade_bill(bill)

    def play(lines: Sequence[str]) -> None:
        monkeypatch.setattr(channel, "gateway_of", lambda name: PlayedChannel(lines))

    play([])
    return play


@pytest.fixture
def run(db: None) -> Run:
    """Open the day and compare one source of it."""

    def compare(source: Source = Source.INSURER, day: date = made.DAY) -> Comparison:
        opened = [each for each in opening.open_day(day) if each.source == source]
        done = running.run_comparison(comparison_id=opened[0].pk, by=None, at=made.NEXT_NIGHT)
        assert done is not None
        return done

    return compare
