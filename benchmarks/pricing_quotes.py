"""Quotes: the pure function by the number of lines, and with its facts by the size of the tariffs."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from pricing.models import Price, PriceItem, TariffDocument
from pricing.queries import context_of, quote_for, tariff_facts
from pricing.rules import QuoteContext, ServiceLine, quote
from registry.models import Institution

DAY = date(2026, 3, 16)
VERSIONS = 5  # of each price, one after the other
PROVINCES = 31
ITEMS = 10_000  # of each province
FEW_ITEMS = ITEMS // 100
LINES = (1, 10, 100)
REPEATS = 7


def measure() -> Iterator[str]:
    """Lines to print; the small and the large tariffs are measured in one run."""
    hospital = _hospital()
    _fill(1, FEW_ITEMS)
    yield from _pure(hospital)
    few = _with_facts(hospital)
    yield f"\nquote with facts from PostgreSQL, {PROVINCES} provinces × {FEW_ITEMS} items × {VERSIONS} versions"
    yield from (f"  {lines:>4} lines {seconds * 1e3:8.2f} ms" for lines, seconds in few.items())
    _fill(FEW_ITEMS + 1, ITEMS)
    many = _with_facts(hospital)
    yield f"quote with facts from PostgreSQL, {PROVINCES} provinces × {ITEMS} items × {VERSIONS} versions"
    for lines, seconds in many.items():
        yield f"  {lines:>4} lines {seconds * 1e3:8.2f} ms   {seconds / few[lines]:.2f} × the small tariffs"
    yield f"  a bare SELECT 1: {_fastest(_nothing, 200) * 1e3:.2f} ms; statements of a quote: {_statements(hospital)}"


def _pure(hospital: Institution) -> Iterator[str]:
    yield "pure quote"
    context = context_of(hospital, DAY)
    first = 0.0
    for count in LINES:
        seconds = _fastest(_quoting(context, count), 2000 // count)
        first = seconds if count == 10 else first
        grown = f"   {seconds / first:.1f} × of 10 lines" if count > 10 else ""
        yield f"  {count:>4} lines {seconds * 1e6:8.0f} µs{grown}"


def _quoting(context: QuoteContext, count: int) -> Callable[[], object]:
    lines = _lines(count)
    facts = tariff_facts(lines, context)
    return lambda: quote(lines, context, facts)


def _with_facts(hospital: Institution) -> dict[int, float]:
    """Seconds by the number of lines."""
    return {count: _fastest(_asking(hospital, count), 40) for count in LINES}


def _asking(hospital: Institution, count: int) -> Callable[[], object]:
    lines = _lines(count)
    return lambda: quote_for(lines=lines, institution=hospital, service_on=DAY)


def _statements(hospital: Institution) -> list[int]:
    counts: list[int] = []
    for count in LINES:
        with CaptureQueriesContext(connection) as captured:
            quote_for(lines=_lines(count), institution=hospital, service_on=DAY)
        counts.append(len(captured))
    return counts


def _nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _fastest(work: Callable[[], object], times: int) -> float:
    """Seconds of one call: the least of the medians of some rounds, without the collector's pauses."""
    work()
    rounds: list[float] = []
    gc.disable()
    try:
        for _round in range(REPEATS):
            each: list[float] = []
            for _time in range(times):
                began = time.perf_counter()
                work()
                each.append(time.perf_counter() - began)
            rounds.append(statistics.median(each))
    finally:
        gc.enable()
    return min(rounds)


def _lines(count: int) -> Sequence[ServiceLine]:
    """Items spread over the small tariffs, of the hospital's province."""
    return [ServiceLine(str(number), f"33-{number:05}", Decimal(2)) for number in range(1, count + 1)]


def _hospital() -> Institution:
    return Institution.objects.create(
        name="测", name_en="B", online_name="测", online_name_en="B", code="H33010099999", region_code="330100",
        level=3, licence_number="-", licence_authority="-", licence_until=date(2030, 1, 1), address="-", phone="-",
    )  # fmt: skip


def _fill(first: int, last: int) -> None:
    """Items ``first`` to ``last`` in every province, each with all its versions, by the database itself.

    The constraint that keeps prices apart is left off: these do not overlap, and building its index is no part of
    a quote.
    """
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pricing_price DROP CONSTRAINT IF EXISTS price_one_in_force")
        item, price = _examples()
        cursor.execute(_copies("pricing_priceitem", item.pk, PriceItem, _ITEM, _PROVINCES), [first, last])
        cursor.execute(_copies("pricing_price", price.pk, Price, _PRICE, _VERSIONS), [first, last])
        cursor.execute("VACUUM ANALYZE pricing_priceitem")
        cursor.execute("VACUUM ANALYZE pricing_price")
        cursor.execute("CHECKPOINT")


_PROVINCES = (
    "(VALUES ('11'),('12'),('13'),('14'),('15'),('21'),('22'),('23'),('31'),('32'),('33'),('34'),('35'),('36'),"
    "('37'),('41'),('42'),('43'),('44'),('45'),('46'),('50'),('51'),('52'),('53'),('54'),('61'),('62'),('63'),"
    "('64'),('65')) AS province(code), generate_series(%s, %s) AS number"
)
_ITEM = {
    "code": "province.code || '-' || lpad(number::text, 5, '0')",
    "region_code": "province.code || '0000'",
}
_VERSIONS = (
    "pricing_priceitem AS item, generate_series(1, 5) AS version"
    " WHERE example.id = {id} AND item.code ~ '^[0-9]{{2}}-' AND substr(item.code, 4)::int BETWEEN %s AND %s"
)
_PRICE = {
    "item_id": "item.id",
    "region_code": "item.region_code",
    "amount": "10 + version",
    "effective": "daterange(make_date(2021 + version, 1, 1), make_date(2022 + version, 1, 1))",
}


def _examples() -> tuple[PriceItem, Price]:
    """One row of each, to be copied with other values."""
    from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory  # noqa: PLC0415

    TariffDocument.objects.filter(number="bench").exists() or TariffDocumentFactory(
        number="bench", evidence="A", region_code="000000", source_key="S1"
    )
    document = TariffDocument.objects.get(number="bench")
    return PriceItemFactory(), PriceFactory(document=document, institution_level=None)


def _copies(
    table: str, example: int, model: type[PriceItem] | type[Price], changed: dict[str, str], source: str
) -> str:
    """INSERT … SELECT: every column of the example row, but those that are given."""
    columns = [field.column or "" for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join(changed.get(column, f"example.{column}") for column in columns)
    where = source.format(id=example) if "WHERE" in source else f"{source} WHERE example.id = {example}"
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} AS example, {where}"  # noqa: S608
