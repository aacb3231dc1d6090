"""An account in words: what its key says in codes, in the names that people know."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from finance.queries.trial_balance import Movement
from finance.rules.words import ACCOUNTS
from kernel.errors import Text
from kernel.presentation import is_chinese
from ledger.rules import AccountKey, AccountKind
from payments.models import Channel
from pricing.models.items import ChargeType
from registry.models import Institution

_PAYERS: dict[str, Text] = {
    "fund": _("Fund"),
    "account": _("Personal account"),
    "family": _("Family account"),
}
_OF_A_CHANNEL = (AccountKind.CHANNEL_CLEARING, AccountKind.CHANNEL_FEE)


def institution_names() -> dict[str, str]:
    """Names by code, in the reader's language; one statement."""
    rows = Institution.objects.values_list("code", "name", "name_en")
    return {code: name if is_chinese() else name_en or name for code, name, name_en in rows}


def kind_word(account: AccountKey) -> Text:
    """What the account counts."""
    return ACCOUNTS[account.kind]


def detail_word(account: AccountKey, names: Mapping[str, str]) -> str:
    """With whom and what for; empty where there is but one of its kind."""
    party = str(_word(account.party, names)) if account.party else ""
    category = str(_word(account.category, {})) if account.category else ""
    if account.kind in _OF_A_CHANNEL and account.party in Channel.values:
        party = str(Channel(account.party).label)
    if account.kind is AccountKind.REVENUE and account.category in ChargeType.values:
        category = str(ChargeType(account.category).label)
    return " · ".join(filter(None, (party, category)))


def account_word(account: AccountKey, names: Mapping[str, str]) -> str:
    """What the account counts, with whom and what for, in one line."""
    return " · ".join(filter(None, (str(kind_word(account)), detail_word(account, names))))


def _word(code: str, names: Mapping[str, str]) -> Text:
    return names.get(code) or _PAYERS.get(code) or code


def by_kind(rows: Sequence[Movement]) -> list[tuple[AccountKind, list[Movement]]]:
    """Rows of each kind, in the order in which the kinds are declared."""
    order = list(AccountKind)
    placed = sorted(rows, key=lambda row: order.index(row.account.kind))
    return [(kind, list(found)) for kind, found in groupby(placed, key=lambda row: row.account.kind)]
