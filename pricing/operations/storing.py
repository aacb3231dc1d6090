"""Quotes kept with everything they were made of, and made again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from pricing.models import StoredQuote
from pricing.queries.reasoned import ReasonedQuote
from pricing.rules import Quote, QuoteContext, ServiceLine, TariffFacts, quote
from pricing.rules.canonical import (
    Asked,
    asked_text,
    digest_of,
    facts_text,
    quote_text,
    read_asked,
    read_facts,
)


@transaction.atomic
def store_quote(
    *,
    lines: Sequence[ServiceLine],
    context: QuoteContext,
    facts: TariffFacts,
    quote: Quote,
    at: datetime,
) -> StoredQuote:
    """Keep a quote that is charged; the same quote of the same facts is kept once.

    ``made_at`` is the first time it was made.
    """
    texts = (asked_text(Asked(tuple(lines), context)), facts_text(facts), quote_text(quote))
    asked, known, came_out = texts
    stored, _is_new = StoredQuote.objects.get_or_create(
        sha256=digest_of(*texts), defaults={"asked": asked, "facts": known, "quote": came_out, "made_at": at}
    )
    return stored


def keep_quote(priced: ReasonedQuote, *, at: datetime) -> StoredQuote:
    """Keep a quote that was priced together with its facts."""
    return store_quote(
        lines=priced.lines, context=priced.context, facts=priced.facts, quote=priced.quote, at=at
    )


def replay(stored: StoredQuote) -> bool:
    """Whether the kept facts still give the kept quote, byte for byte, and nothing of it was changed.

    Raises:
        NotReadable, NotJson: what was kept is not what ``store_quote`` writes.
        PricingRefused: what was asked is refused today; the program is then not the one that charged.
    """
    if digest_of(stored.asked, stored.facts, stored.quote) != stored.sha256:
        return False
    asked = read_asked(stored.asked)
    return quote_text(quote(asked.lines, asked.context, read_facts(stored.facts))) == stored.quote
