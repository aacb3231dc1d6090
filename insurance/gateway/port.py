"""What the insurer can be asked for, and how it can fail to do it."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from insurance.gateway import messages as m
from kernel.identifiers import veiled

R = TypeVar("R")


@dataclass(frozen=True)
class Exchange(Generic[R]):
    """One message and its answer: the texts as they went over the wire, and the reply that was read."""

    request_text: str
    reply_text: str
    reply: R


class GatewayError(Exception):
    """Something went wrong; the texts are those of the wire and may be empty. They hold personal data."""

    def __init__(self, reason: str, *, request_text: str = "", reply_text: str = "") -> None:
        """``reason`` is for staff and logs; for a refusal it is the insurer's own sentence, its numbers masked."""
        super().__init__(veiled(reason))
        self.reason = str(self)
        self.request_text = request_text
        self.reply_text = reply_text

    def mask(self, name: str) -> None:
        """Mask a person's name in ``reason``, which is kept and shown in the clear."""
        self.reason = veiled(self.reason, name)
        self.args = (self.reason,)


class GatewayRefused(GatewayError):
    """The insurer refused, or the request could not even be written. Final: nothing happened there."""


class RequestNeverSent(GatewayRefused):
    """The request does not fit the interface; ``faults`` names every field that does not, nothing was sent."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        """Each fault begins with the wire name of its field."""
        super().__init__("; ".join(faults))
        self.faults = faults


class GatewayUnanswered(GatewayError):
    """Whether it happened is not known: silence, a gateway error, a system failure, an answer beyond belief.

    Send the same request with the same msgid again, or ask with ``query_settlement``. Never a new msgid.
    """


class ReplyDisputed(GatewayUnanswered):
    """The answer can be read, and its amounts contradict one another or what was sent: a person must look.

    Asking again gives the same answer; nothing of it may be entered in the ledger.
    """


class MessageAlreadyReceived(GatewayUnanswered):
    """The insurer has had this msgid before and does not repeat its answer: ask with ``query_settlement``."""


class GatewayMisconfigured(GatewayError):
    """The way there is closed until an administrator acts: a wrong address, token or code. Nothing happened."""


class InsuranceGateway(Protocol):
    """The insurer. Each verb is one message; ``msgid`` is ours, unique for ever, and makes it happen once.

    Every verb raises GatewayRefused, GatewayUnanswered or GatewayMisconfigured.
    """

    def sign_in(self, msgid: str, request: m.SignIn) -> Exchange[m.SignInReply]:
        """9001: open the operator's day."""
        ...

    def sign_out(self, msgid: str, request: m.SignOut) -> Exchange[m.Acknowledged]:
        """9002: end it."""
        ...

    def read_person(self, msgid: str, request: m.ReadPerson) -> Exchange[m.PersonReply]:
        """1101: who is this, and what is she insured for. No side effect."""
        ...

    def register_visit(self, msgid: str, request: m.RegisterVisit) -> Exchange[m.VisitReply]:
        """2201: open a visit."""
        ...

    def cancel_visit(self, msgid: str, request: m.CancelVisit) -> Exchange[m.Acknowledged]:
        """2202: close a visit without a settlement in force."""
        ...

    def report_visit(self, msgid: str, request: m.ReportVisit) -> Exchange[m.Acknowledged]:
        """2203A: kind of treatment and diagnoses; a later report replaces an earlier one."""
        ...

    def upload_fees(self, msgid: str, request: m.UploadFees) -> Exchange[m.FeesReply]:
        """2204: fee lines, divided line by line; all or none."""
        ...

    def withdraw_fees(self, msgid: str, request: m.WithdrawFees) -> Exchange[m.Acknowledged]:
        """2205: delete unsettled fee lines."""
        ...

    def presettle(self, msgid: str, request: m.Presettle) -> Exchange[m.SettlementReply]:
        """2206A: what would be paid. No side effect."""
        ...

    def settle(self, msgid: str, request: m.Settle) -> Exchange[m.SettlementReply]:
        """2207A: settle a batch."""
        ...

    def cancel_settlement(self, msgid: str, request: m.CancelSettlement) -> Exchange[m.SettlementReply]:
        """2208: take a known settlement back, once."""
        ...

    def reverse_message(self, msgid: str, request: m.ReverseMessage) -> Exchange[m.Acknowledged]:
        """2601: undo a message of ours whose outcome is not known. May be repeated; unknown there is success too."""
        ...

    def query_settlement(self, msgid: str, request: m.QuerySettlement) -> Exchange[m.QueryReply]:
        """5203: what the insurer holds. No side effect."""
        ...

    def reconcile_total(self, msgid: str, request: m.ReconcileTotal) -> Exchange[m.TotalStatement]:
        """3201: do both sides hold the same totals? No side effect."""
        ...

    def reconcile_details(self, msgid: str, request: m.ReconcileDetails) -> Exchange[m.DetailStatement]:
        """3202: have the rows of a file that was brought compared. No side effect but a file to fetch."""
        ...

    def upload_file(self, msgid: str, request: m.UploadFile) -> Exchange[m.FileReply]:
        """9101: bring a file."""
        ...

    def download_file(self, msgid: str, request: m.DownloadFile) -> Exchange[m.FileContent]:
        """9102: fetch a file. No side effect; the text of the answer only says how many bytes came."""
        ...

    def analyse_before(self, msgid: str, request: m.AnalyseDetails) -> Exchange[m.AnalysisReply]:
        """3101: what do the insurer's rules say of orders, before they are signed? No effect on money."""
        ...

    def analyse_during(self, msgid: str, request: m.AnalyseDetails) -> Exchange[m.AnalysisReply]:
        """3102: the same of charges, before they are taken."""
        ...

    def report_handling(self, msgid: str, request: m.ReportHandling) -> Exchange[m.Acknowledged]:
        """3103: how the findings were dealt with."""
        ...

    def query_visits(self, msgid: str, request: m.QueryVisits) -> Exchange[m.VisitsReply]:
        """5201: visits that the insurer holds. No side effect."""
        ...

    def query_accumulated(self, msgid: str, request: m.QueryAccumulated) -> Exchange[m.AccumulatedReply]:
        """5206: what counts towards deductible and limits. No side effect."""
        ...

    def query_filings(self, msgid: str, request: m.QueryFilings) -> Exchange[m.FilingsReply]:
        """5301: chronic and special diseases for which she is filed. No side effect."""
        ...

    def report_care(self, msgid: str, request: m.ReportCare) -> Exchange[m.Acknowledged]:
        """4301: the clinical record of a visit; a later report replaces an earlier one."""
        ...

    def report_sale(self, msgid: str, request: m.ReportSale) -> Exchange[m.Acknowledged]:
        """3505: a drug has gone out, package by package."""
        ...

    def report_return(self, msgid: str, request: m.ReportReturn) -> Exchange[m.Acknowledged]:
        """3506: it has come back."""
        ...
