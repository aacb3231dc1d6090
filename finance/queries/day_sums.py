"""The sums of a day: records and books side by side."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db.models import Sum as Total

from finance.queries.day_records import Key, records_of_day
from finance.rules.day_accounts import section_of
from finance.rules.days import Sum
from kernel.money import ZERO
from ledger.models import Entry
from ledger.rules import AccountKey, AccountKind


def sums_of_day(institution_id: int, day: date) -> list[Sum]:
    """Every sum that either side knows of, by section and key; may be empty. Yuan."""
    records, books = records_of_day(institution_id, day), books_of_day(institution_id, day)
    keys = sorted({*records, *books})
    found = [(key, *records.get(key, (0, ZERO)), books.get(key, ZERO)) for key in keys]
    return [Sum(*key, count, record, book) for key, count, record, book in found if count or record or book]


def books_of_day(institution_id: int, day: date) -> dict[Key, Decimal]:
    """The same sums by the entries of the day alone, in one statement; yuan with the sign of the records."""
    rows = Entry.objects.filter(account__institution=institution_id, on=day).order_by()
    found: dict[Key, Decimal] = defaultdict(lambda: ZERO)
    columns = ("account__kind", "account__party", "account__category", "posting__kind")
    for kind, party, category, event, posted in rows.values_list(*columns).annotate(Total("posted")):
        place = section_of(AccountKey(AccountKind(kind), party, category), event)
        if place and posted:
            section, key, sign = place
            found[section, key] += sign * posted
    return dict(found)
