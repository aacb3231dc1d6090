"""The real way to the insurer: every verb of the port over HTTP."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from insurance.gateway import messages as m
from insurance.gateway.config import GatewayConfig, SignNumbers
from insurance.gateway.line import Line
from insurance.gateway.messages import (
    analysis,
    care,
    fees,
    files,
    filings,
    histories,
    people,
    reversals,
    sales,
    settlements,
    statements,
    visits,
)
from insurance.gateway.messages.wire import SHANGHAI, decode_nothing
from insurance.gateway.port import Exchange, InsuranceGateway
from insurance.gateway.profile import may_pay_own, profile_for


def _now() -> datetime:
    return datetime.now(SHANGHAI)


class InsuranceClient(InsuranceGateway):
    """The insurer over HTTP. Safe to share between threads; keeps its connections open."""

    def __init__(
        self, config: GatewayConfig, sign_numbers: SignNumbers, *, clock: Callable[[], datetime] = _now
    ) -> None:
        """``clock`` gives the time written into messages and signatures."""
        self.config = config
        self._line = Line(
            config,
            clock=clock,
            sign_number=lambda: sign_numbers.current(self),
            new_sign_number=lambda stale: sign_numbers.renewed(self, stale),
        )

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def sign_in(self, msgid: str, request: m.SignIn) -> Exchange[m.SignInReply]:
        """9001."""
        return self._line.ask(
            "9001", msgid, request, people.encode_sign_in, people.decode_sign_in, signed=False
        )

    def sign_out(self, msgid: str, request: m.SignOut) -> Exchange[m.Acknowledged]:
        """9002."""
        return self._line.ask("9002", msgid, request, people.encode_sign_out, decode_nothing)

    def read_person(self, msgid: str, request: m.ReadPerson) -> Exchange[m.PersonReply]:
        """1101."""
        return self._line.ask("1101", msgid, request, people.encode_person, people.decode_person)

    def register_visit(self, msgid: str, request: m.RegisterVisit) -> Exchange[m.VisitReply]:
        """2201."""
        return self._line.ask(
            "2201", msgid, request, visits.encode_register_visit, visits.decode_register_visit
        )

    def cancel_visit(self, msgid: str, request: m.CancelVisit) -> Exchange[m.Acknowledged]:
        """2202."""
        return self._line.ask("2202", msgid, request, visits.encode_cancel_visit, decode_nothing)

    def report_visit(self, msgid: str, request: m.ReportVisit) -> Exchange[m.Acknowledged]:
        """2203A."""
        return self._line.ask("2203A", msgid, request, visits.encode_report_visit, decode_nothing)

    def upload_fees(self, msgid: str, request: m.UploadFees) -> Exchange[m.FeesReply]:
        """2204."""
        return self._line.ask("2204", msgid, request, fees.encode_upload_fees, fees.decode_upload_fees)

    def withdraw_fees(self, msgid: str, request: m.WithdrawFees) -> Exchange[m.Acknowledged]:
        """2205."""
        return self._line.ask("2205", msgid, request, fees.encode_withdraw_fees, decode_nothing)

    def presettle(self, msgid: str, request: m.Presettle) -> Exchange[m.SettlementReply]:
        """2206A."""
        decode = partial(settlements.decode_presettle, **self._sums(request))
        return self._line.ask("2206A", msgid, request, settlements.encode_data, decode)

    def settle(self, msgid: str, request: m.Settle) -> Exchange[m.SettlementReply]:
        """2207A."""
        decode = partial(settlements.decode_settle, msgid=msgid, **self._sums(request))
        return self._line.ask("2207A", msgid, request, settlements.encode_data, decode)

    def _sums(self, request: m.Presettle) -> dict[str, Any]:
        """What the reply is held to: benefits are those of where she is insured."""
        return {
            "mutual_aid": self.config.mutual_aid,
            "may_pay_own": may_pay_own(profile_for(request.insured_region)),
        }

    def cancel_settlement(self, msgid: str, request: m.CancelSettlement) -> Exchange[m.SettlementReply]:
        """2208."""
        decode = partial(settlements.decode_cancel, msgid=msgid, mutual_aid=self.config.mutual_aid)
        return self._line.ask("2208", msgid, request, settlements.encode_data, decode)

    def reverse_message(self, msgid: str, request: m.ReverseMessage) -> Exchange[m.Acknowledged]:
        """2601."""
        return self._line.ask("2601", msgid, request, reversals.encode_reverse, decode_nothing)

    def query_settlement(self, msgid: str, request: m.QuerySettlement) -> Exchange[m.QueryReply]:
        """5203."""
        decode = partial(settlements.decode_query, mutual_aid=self.config.mutual_aid)
        return self._line.ask("5203", msgid, request, settlements.encode_query, decode)

    def reconcile_total(self, msgid: str, request: m.ReconcileTotal) -> Exchange[m.TotalStatement]:
        """3201."""
        return self._line.ask("3201", msgid, request, statements.encode_statement, statements.decode_total)

    def reconcile_details(self, msgid: str, request: m.ReconcileDetails) -> Exchange[m.DetailStatement]:
        """3202."""
        return self._line.ask("3202", msgid, request, statements.encode_statement, statements.decode_details)

    def upload_file(self, msgid: str, request: m.UploadFile) -> Exchange[m.FileReply]:
        """9101."""
        return self._line.ask("9101", msgid, request, files.encode_upload, files.decode_upload)

    def download_file(self, msgid: str, request: m.DownloadFile) -> Exchange[m.FileContent]:
        """9102."""
        return self._line.fetch("9102", msgid, request, files.encode_download, files.decode_download)

    def analyse_before(self, msgid: str, request: m.AnalyseDetails) -> Exchange[m.AnalysisReply]:
        """3101."""
        return self._line.ask("3101", msgid, request, analysis.encode_analysis, analysis.decode_analysis)

    def analyse_during(self, msgid: str, request: m.AnalyseDetails) -> Exchange[m.AnalysisReply]:
        """3102."""
        return self._line.ask("3102", msgid, request, analysis.encode_analysis, analysis.decode_analysis)

    def report_handling(self, msgid: str, request: m.ReportHandling) -> Exchange[m.Acknowledged]:
        """3103."""
        return self._line.ask("3103", msgid, request, analysis.encode_handling, decode_nothing)

    def query_visits(self, msgid: str, request: m.QueryVisits) -> Exchange[m.VisitsReply]:
        """5201."""
        encode, decode = histories.encode_query_visits, histories.decode_query_visits
        return self._line.ask("5201", msgid, request, encode, decode)

    def query_accumulated(self, msgid: str, request: m.QueryAccumulated) -> Exchange[m.AccumulatedReply]:
        """5206."""
        encode, decode = histories.encode_query_accumulated, histories.decode_query_accumulated
        return self._line.ask("5206", msgid, request, encode, decode)

    def query_filings(self, msgid: str, request: m.QueryFilings) -> Exchange[m.FilingsReply]:
        """5301."""
        return self._line.ask(
            "5301", msgid, request, filings.encode_query_filings, filings.decode_query_filings
        )

    def report_care(self, msgid: str, request: m.ReportCare) -> Exchange[m.Acknowledged]:
        """4301."""
        return self._line.ask("4301", msgid, request, care.encode_care, decode_nothing)

    def report_sale(self, msgid: str, request: m.ReportSale) -> Exchange[m.Acknowledged]:
        """3505."""
        return self._line.ask("3505", msgid, request, sales.encode_movement, sales.decode_movement)

    def report_return(self, msgid: str, request: m.ReportReturn) -> Exchange[m.Acknowledged]:
        """3506."""
        return self._line.ask("3506", msgid, request, sales.encode_movement, sales.decode_movement)
