"""An insurer in this process that answers at once: 70 % from the fund, the rest in cash; it keeps what it was told."""

from dataclasses import asdict, fields, replace
from decimal import Decimal
from threading import Lock
from typing import Any

from insurance.gateway import messages as m
from insurance.gateway.port import Exchange, GatewayRefused
from kernel.money import ZERO, to_yuan

FUND_PAYS = Decimal("0.7")


class InstantInsurer:
    """Every verb of the gateway that a settlement needs; safe to use from several threads.

    Attributes:
        settled: msgid of each 2207A that was carried out -> its record; a repeated number gives the same record.
        sent: how often each transaction was sent.
    """

    def __init__(self) -> None:
        """It holds nothing."""
        self.settled: dict[str, m.SettlementReply] = {}
        self.sent: list[str] = []
        self._lock = Lock()

    def read_person(self, msgid: str, request: m.ReadPerson) -> Exchange[m.PersonReply]:
        """1101: a retired employee, insured in Hangzhou."""
        row = m.CoverageRow(
            balance=ZERO, insurance_type="310", person_type="12", status="1", insured_region="330100"
        )
        person = {"person_number": "P1", "person_name": request.person_name, "coverages": (row,)}
        return self._said("1101", _filled(m.PersonReply, person))

    def register_visit(self, msgid: str, request: m.RegisterVisit) -> Exchange[m.VisitReply]:
        """2201."""
        number = request.hospital_visit_number
        reply = m.VisitReply(visit_number=f"V{number}"[:30], person_number="P1", hospital_visit_number=number)
        return self._said("2201", reply)

    def report_visit(self, msgid: str, request: m.ReportVisit) -> Exchange[m.Acknowledged]:
        """2203A."""
        return self._said("2203A", m.Acknowledged())

    def upload_fees(self, msgid: str, request: m.UploadFees) -> Exchange[m.FeesReply]:
        """2204: every line wholly in scope."""
        rows = tuple(
            m.FeeLineReply(line_number=line.line_number, amount=line.amount, in_scope_amount=line.amount)
            for line in request.lines
        )
        return self._said("2204", m.FeesReply(lines=rows))

    def presettle(self, msgid: str, request: m.Presettle) -> Exchange[m.SettlementReply]:
        """2206A."""
        return self._said("2206A", _reply(request))

    def settle(self, msgid: str, request: m.Settle) -> Exchange[m.SettlementReply]:
        """2207A, once for a number and once for a batch."""
        with self._lock:
            known = self.settled.get(msgid)
            if known is None and any(
                row.visit_number == request.batch_number for row in self.settled.values()
            ):
                raise GatewayRefused("the batch is settled already")
            reply = known or replace(_reply(request), settlement_number=f"S{len(self.settled)}{msgid[-20:]}")
            self.settled[msgid] = reply
        return self._said("2207A", reply)

    def query_settlement(self, msgid: str, request: m.QuerySettlement) -> Exchange[m.QueryReply]:
        """5203."""
        with self._lock:
            rows = tuple(
                _filled(m.SettlementRecord, asdict(reply) | {"sender_message_id": number, "fund_shares": ()})
                for number, reply in self.settled.items()
                if reply.visit_number == request.visit_number
            )
        return self._said("5203", m.QueryReply(records=rows))

    def _said(self, code: str, reply: Any) -> Exchange[Any]:
        self.sent.append(code)
        return Exchange("{}", "{}", reply)


def _reply(request: m.Presettle) -> m.SettlementReply:
    fund = to_yuan(request.total_amount * FUND_PAYS)
    said = {
        "visit_number": request.visit_number, "person_number": request.person_number,
        "total_amount": request.total_amount, "in_scope_amount": request.total_amount,
        "pooled_amount": fund, "fund_amount": fund, "cash_amount": request.total_amount - fund,
    }  # fmt: skip
    return _filled(m.SettlementReply, said)


def _filled(kind: type[Any], said: dict[str, Any]) -> Any:
    """A reply with what is said, and nothing where nothing is said."""
    empty = {each.name: None for each in fields(kind) if each.default is each.default_factory}
    return kind(
        **(empty | {name: value for name, value in said.items() if name in {f.name for f in fields(kind)}})
    )
