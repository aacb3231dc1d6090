"""The wire format of the national insurance interface. Wire names stay in this package."""

from insurance.gateway.messages.envelope import MessageIdFormat, Sender, national_message_id
from insurance.gateway.messages.fees import (
    EVERY_BATCH,
    FeeLine,
    FeeLineReply,
    FeesReply,
    ScopeTotals,
    UploadFees,
    WithdrawFees,
    scope_totals,
)
from insurance.gateway.messages.files import DownloadFile, FileContent, FileReply, UploadFile
from insurance.gateway.messages.people import (
    E_VOUCHER,
    ID_NUMBER,
    SOCIAL_CARD,
    CoverageRow,
    PersonReply,
    ReadPerson,
    SignIn,
    SignInReply,
    SignOut,
    SpecialStatusRow,
)
from insurance.gateway.messages.reversals import ReverseMessage
from insurance.gateway.messages.row_files import ComparedRow, StatementRow, read_rows, write_rows
from insurance.gateway.messages.settlement_reply import FundShare, SettlementRecord, SettlementReply
from insurance.gateway.messages.settlements import (
    CancelSettlement,
    Presettle,
    QueryReply,
    QuerySettlement,
    Settle,
)
from insurance.gateway.messages.statements import (
    DetailStatement,
    ReconcileDetails,
    ReconcileTotal,
    TotalStatement,
)
from insurance.gateway.messages.visits import (
    CHRONIC_OUTPATIENT,
    ORDINARY_OUTPATIENT,
    CancelVisit,
    DiagnosisRow,
    RegisterVisit,
    ReportVisit,
    VisitReply,
)
from insurance.gateway.messages.wire import Acknowledged, AmountsDisputed, ReplyInconsistent, RequestUnfit

__all__ = [
    "CHRONIC_OUTPATIENT",
    "EVERY_BATCH",
    "E_VOUCHER",
    "ID_NUMBER",
    "ORDINARY_OUTPATIENT",
    "SOCIAL_CARD",
    "Acknowledged",
    "AmountsDisputed",
    "CancelSettlement",
    "CancelVisit",
    "ComparedRow",
    "CoverageRow",
    "DetailStatement",
    "DiagnosisRow",
    "DownloadFile",
    "FeeLine",
    "FeeLineReply",
    "FeesReply",
    "FileContent",
    "FileReply",
    "FundShare",
    "MessageIdFormat",
    "PersonReply",
    "Presettle",
    "QueryReply",
    "QuerySettlement",
    "ReadPerson",
    "ReconcileDetails",
    "ReconcileTotal",
    "RegisterVisit",
    "ReplyInconsistent",
    "ReportVisit",
    "RequestUnfit",
    "ReverseMessage",
    "ScopeTotals",
    "Sender",
    "Settle",
    "SettlementRecord",
    "SettlementReply",
    "SignIn",
    "SignInReply",
    "SignOut",
    "SpecialStatusRow",
    "StatementRow",
    "TotalStatement",
    "UploadFees",
    "UploadFile",
    "VisitReply",
    "WithdrawFees",
    "national_message_id",
    "read_rows",
    "scope_totals",
    "write_rows",
]
