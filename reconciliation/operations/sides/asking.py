"""Asking the insurer about one day: each message journaled, its failure said as a missing statement."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from insurance.gateway import messages as m
from insurance.gateway.port import Exchange, GatewayError, InsuranceGateway
from insurance.gateway.profile import profile_for
from insurance.operations.insurer import insurer_of
from insurance.operations.messages import exchange
from reconciliation.errors import StatementMissing
from reconciliation.rules.groups import GroupSums
from registry.models import Institution

R = TypeVar("R")


class Asking:
    """One institution's questions about one day; every verb calls out and may raise StatementMissing."""

    def __init__(self, institution: Institution, day: date) -> None:
        """Nothing is sent yet."""
        self.institution = institution
        self.day = day

    @property
    def _gateway(self) -> InsuranceGateway:
        """Asked for within each message, so that a way that is closed is said like any other failure."""
        return insurer_of(self.institution)

    @property
    def is_mutual_aid_beside(self) -> bool:
        """Whether this province counts the family account's part beside the account's, not inside it."""
        return profile_for(self.institution.region_code).mutual_aid == "beside"

    @property
    def filename(self) -> str:
        """Name of our file of rows."""
        return f"{self.institution.code}_{self.day:%Y%m%d}.txt"

    def total(self, ours: GroupSums) -> m.TotalStatement:
        """3201."""
        request = m.ReconcileTotal(
            insurance_type=ours.key.insurance_type,
            clearing_type=ours.key.clearing_type,
            clearing_agency=ours.key.clearing_agency,
            first_on=self.day,
            last_on=self.day,
            total_amount=ours.total,
            fund_amount=ours.fund,
            account_amount=ours.account,
            settlement_count=ours.count,
        )
        return self._ask("3201", lambda msgid: self._gateway.reconcile_total(msgid, request))

    def details(self, ours: GroupSums, packed: bytes) -> bytes:
        """9101 with our rows, 3202, 9102: the insurer's rows, packed."""
        code = self.institution.code
        upload = m.UploadFile(content=packed, filename=self.filename, institution_code=code)
        brought = self._ask("9101", lambda msgid: self._gateway.upload_file(msgid, upload))
        request = m.ReconcileDetails(
            clearing_agency=ours.key.clearing_agency,
            clearing_type=ours.key.clearing_type,
            file_number=brought.file_number,
            first_on=self.day,
            last_on=self.day,
            total_amount=ours.total,
            fund_amount=ours.fund,
            cash_amount=ours.cash,
            settlement_count=ours.count,
        )
        result = self._ask("3202", lambda msgid: self._gateway.reconcile_details(msgid, request))
        wanted = m.DownloadFile(
            file_number=result.file_number, filename=result.filename, institution_code=code
        )
        return self._ask("9102", lambda msgid: self._gateway.download_file(msgid, wanted)).content

    def _ask(self, code: str, call: Callable[[str], Exchange[R]]) -> R:
        """Every question has a number of its own: none changes anything at the insurer's."""
        try:
            return exchange(code, call, institution=self.institution, repeatable=True)
        except GatewayError as error:
            raise StatementMissing(f"{code}: {error.reason}") from error
