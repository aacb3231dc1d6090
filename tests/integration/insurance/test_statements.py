"""How many SQL statements an insured order takes, and that lines do not multiply them."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Bill, BillPurpose
from billing.operations import open_bill, state_parts
from billing.rules import Parts
from insurance.models import Claim
from insurance.operations import open_claim, routes, submit_claim
from insurance.operations.presettling import presettle_claim
from insurance.operations.settling import settle_claim
from insurance.states import ClaimState
from kernel import clock
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from tests.factories.pricing import PriceFactory
from tests.integration.insurance.instant import InstantInsurer

pytestmark = pytest.mark.django_db(transaction=True)
FRAMES = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
JOURNAL = ("insurance_gatewaymessage", "insurance_message_serial")
MOST = 30
MOST_WITH_CONVERSATIONS = 66
"""Of the jobs too: six messages, each written before and after, what they change, and what the books write of it."""


@pytest.fixture(autouse=True)
def insurer(monkeypatch: pytest.MonkeyPatch) -> InstantInsurer:
    """Answers at once."""
    made = InstantInsurer()
    monkeypatch.setattr(routes, "insurer_of", lambda _institution: made)
    return made


def statements(work: Callable[[], object]) -> list[str]:
    """What the database is asked; what only begins and ends transactions is left out."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(FRAMES)]


def ordered(bill: Bill, lines: list[ServiceLine]) -> Bill:
    """Priced and charged."""
    encounter = bill.encounter
    quote = quote_for(lines=lines, institution=encounter.institution, service_on=encounter.service_on)
    return open_bill(
        encounter_id=encounter.pk, purpose=BillPurpose.DRUGS, quote=quote, by=None, at=clock.now()
    )


def steps(bill: Bill, lines: list[ServiceLine]) -> Iterator[tuple[str, list[str]]]:
    """Each step of an order with its statements."""
    made: list[Bill] = []
    yield "pricing", statements(lambda: made.append(ordered(bill, lines)))
    claim = open_claim(bill_id=made[0].pk, by=None, at=clock.now())
    yield "estimate", statements(lambda: presettle_claim(claim_id=claim.pk, times=0))
    claim.refresh_from_db()
    parts = Parts(
        claim.fund_amount or Decimal(0), claim.account_amount or Decimal(0), claim.cash_amount or Decimal(0)
    )
    scopes = claim.scope_by_line()
    yield "splitting", statements(lambda: state_parts(bill_id=made[0].pk, parts=parts, in_scope=scopes))
    yield "submitting", statements(lambda: submit_claim(claim_id=claim.pk, by=None, at=clock.now()))
    yield "settling", statements(lambda: settle_claim(claim_id=claim.pk, times=0))
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.SETTLED


@pytest.fixture
def counts(bill: Bill) -> Callable[[int], dict[str, list[str]]]:
    """The statements of an order of so many lines, by step; the first order of a process warms its caches."""
    codes = [PriceFactory(amount=Decimal("3.21")).item.code for _number in range(100)]

    def counted(lines: int) -> dict[str, list[str]]:
        asked = [ServiceLine(str(n), code, Decimal(1)) for n, code in enumerate(codes[:lines], start=1)]
        return dict(steps(bill, asked))

    counted(1)
    return counted


def test_pricing_splitting_and_submitting_take_at_most_thirty_statements_for_ten_lines_and_a_hundred(
    counts: Callable[[int], dict[str, list[str]]],
) -> None:
    found = {}
    for lines in (10, 100):
        by_step = counts(lines)
        found[lines] = [len(by_step[step]) for step in ("pricing", "splitting", "submitting")]
    assert sum(found[10]) <= MOST
    assert found[10] == found[100]


def test_the_conversations_take_few_more_and_only_the_journal_grows_with_what_must_be_uploaded(
    counts: Callable[[int], dict[str, list[str]]],
) -> None:
    def without_journal(by_step: dict[str, list[str]]) -> int:
        return sum(not any(table in sql for table in JOURNAL) for sqls in by_step.values() for sql in sqls)

    ten, hundred = counts(10), counts(100)
    assert sum(len(sqls) for sqls in ten.values()) <= MOST_WITH_CONVERSATIONS
    assert without_journal(hundred) == without_journal(ten) + 1, "what the second message of lines said"
