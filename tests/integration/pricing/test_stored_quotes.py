"""A quote that was charged is kept with its facts, and gives the same bytes when prices have changed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import InternalError
from django.utils import timezone

from pricing.models import Price, StoredQuote
from pricing.operations import change_price
from pricing.operations.storing import replay, store_quote
from pricing.queries.reasoned import ReasonedQuote, reasoned_quote_for
from pricing.rules import ServiceLine
from registry.models import Institution
from tests.factories.pricing import PriceFactory, TariffDocumentFactory

pytestmark = pytest.mark.django_db


def asked(price: Price, institution: Institution, on: date, quantity: str = "1") -> ReasonedQuote:
    lines = [ServiceLine("1", price.item.code, Decimal(quantity))]
    return reasoned_quote_for(lines=lines, institution=institution, service_on=on, patient_age=67)


def kept(found: ReasonedQuote) -> StoredQuote:
    return store_quote(
        lines=found.lines, context=found.context, facts=found.facts, quote=found.quote, at=timezone.now()
    )


def test_a_quote_is_made_again_byte_for_byte_after_its_prices_have_changed(hospital: Institution) -> None:
    now = timezone.now()
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    price = PriceFactory(amount=Decimal("10.00"))
    stored = kept(asked(price, hospital, tomorrow))
    before = stored.quote
    new_document = TariffDocumentFactory()
    change_price(
        price_id=price.pk,
        amount=Decimal("99.00"),
        from_on=tomorrow,
        document_id=new_document.pk,
        by=None,
        at=now,
    )
    assert asked(price, hospital, tomorrow).quote.total == Decimal("99.00")
    stored.refresh_from_db()
    assert replay(stored)
    assert stored.quote == before
    assert '"total":"10.00"' in stored.quote


def test_the_same_quote_is_kept_once(hospital: Institution) -> None:
    price = PriceFactory()
    first = kept(asked(price, hospital, date(2026, 3, 16)))
    again = kept(asked(price, hospital, date(2026, 3, 16)))
    other = kept(asked(price, hospital, date(2026, 3, 16), quantity="2"))
    assert again.pk == first.pk
    assert again.made_at == first.made_at
    assert other.pk != first.pk


@pytest.mark.parametrize("name", ["asked", "facts", "quote"])
def test_a_kept_text_that_was_changed_is_noticed(hospital: Institution, name: str) -> None:
    stored = kept(asked(PriceFactory(), hospital, date(2026, 3, 16)))
    setattr(stored, name, getattr(stored, name).replace("10", "11"))
    assert not replay(stored)


def test_a_kept_quote_cannot_be_changed_or_deleted(hospital: Institution) -> None:
    stored = kept(asked(PriceFactory(), hospital, date(2026, 3, 16)))
    with pytest.raises(InternalError), transaction.atomic():
        StoredQuote.objects.filter(pk=stored.pk).update(quote="{}")
    with pytest.raises(InternalError), transaction.atomic():
        StoredQuote.objects.filter(pk=stored.pk).delete()
