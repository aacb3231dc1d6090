"""Loading the tariff of one province beside a bare COPY of the same rows into the same tables.

Both run in transactions that are taken back, in turns, so that each finds the tables and indexes of the other; foreign
keys are checked before the clock stops.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import product

from django.db import connection, transaction

from kernel import clock

ITEMS = 10_000
ROUNDS = 5
_REGION = "140000"
_NUMBER = "基准〔2026〕1号"
_HEAD = f"""\
format: 2
document:
  number: {_NUMBER}
  title: 装载基准
  title_en: Benchmark of loading
  issuer: 基准
  issuer_en: Benchmark
  region: {_REGION}
  from: 2026-01-01
  evidence: D
  found_at: benchmarks
"""
_BODY = ("颅脑", "颈部", "胸部", "腹部", "盆腔", "脊柱", "肩关节", "膝关节", "踝关节", "心脏", "肝脏", "胆囊", "胰腺", "肾脏",
         "膀胱", "前列腺", "子宫", "卵巢", "甲状腺", "乳腺", "眼底", "鼻窦", "咽喉", "牙齿", "皮肤")  # fmt: skip
_ACT = ("检查", "造影", "穿刺术", "切除术", "修补术", "监测", "引流术", "活检术", "治疗", "护理", "康复训练", "评定",
        "扫描", "超声", "镜检", "冲洗", "换药", "电刺激", "成像", "测定")  # fmt: skip
_WAY = ("常规", "经皮", "内镜下", "导航下", "床旁", "急诊", "增强", "动态", "双侧", "单侧", "微创", "机器人辅助", "三维",
        "术中", "术后", "复杂", "小儿", "无痛", "多部位", "定量")  # fmt: skip
_TABLES = ("pricing_tariffdocument", "pricing_loadedcontent", "pricing_priceitem", "pricing_price")
_ROWS = {
    "pricing_tariffdocument": "number = %(number)s",
    "pricing_loadedcontent": "document_id IN (SELECT id FROM pricing_tariffdocument WHERE number = %(number)s)",
    "pricing_priceitem": "code LIKE 'BENCH%%'",
    "pricing_price": "document_id IN (SELECT id FROM pricing_tariffdocument WHERE number = %(number)s)",
}


def measure() -> Iterator[str]:
    """Lines to print: seconds of both, and their ratio."""
    # Only now Django is set up.
    from pricing.operations import load_tariffs  # noqa: PLC0415
    from pricing.rules.tariff_file import read_tariff  # noqa: PLC0415

    text = tariff_text()
    file = read_tariff(text, name="benchmark")

    def load() -> None:
        load_tariffs(files=[file], by=None, at=clock.now())

    with _taken_back():
        load()
        copies = {table: _copied(table) for table in _TABLES}

    def copy() -> None:
        with connection.cursor() as cursor:
            for table, (columns, rows) in copies.items():
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", BytesIO(rows))

    rounds = [(_seconds(copy), _seconds(load), _reading(text)) for _round in range(ROUNDS)]
    bare, loaded, read = (statistics.median(times) for times in zip(*rounds, strict=True))
    yield f"loading one province: {ITEMS} items, {ITEMS} prices, {len(text.encode()) / 1e6:.1f} MB of YAML"
    yield f"{'bare COPY of the same rows':<34}{bare:>8.2f} s"
    yield f"{'load_tariffs':<34}{loaded:>8.2f} s{loaded / bare:>8.2f}×   (goal: under 3×)"
    yield f"{'reading and checking the file':<34}{read:>8.2f} s"
    yield f"{'both together':<34}{read + loaded:>8.2f} s{(read + loaded) / bare:>8.2f}×"


def tariff_text(items: int = ITEMS) -> str:
    """A file in which every item has another name and a price by the level of the institution."""
    lines = [_HEAD, "items:\n"]
    names = product(_WAY, _BODY, _ACT)
    numbers = range(items)
    lines.extend(
        f"  - {{code: BENCH{number:06d}, name: {way}{body}{act}, name_en: Benchmark item {number}, "
        f"category: examination, unit: 次, unit_en: time, insurance_code: 0031{number:011d}, charge_type: 03}}\n"
        for number, (way, body, act) in zip(numbers, names, strict=False)
    )
    lines.append("prices:\n")
    lines.extend(
        f"  - {{item: BENCH{number:06d}, level: {number % 3 + 1}, amount: {number % 900}.50, class: 乙, "
        "self_pay_rate: 0.1}\n"
        for number in numbers
    )
    return "".join(lines)


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _copied(table: str) -> tuple[str, bytes]:
    """Names of the columns that can be written, and the rows of the document as COPY writes them."""
    rows = BytesIO()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)"
            " FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        (columns,) = cursor.fetchone()
        wanted = cursor.mogrify(_ROWS[table], {"number": _NUMBER}).decode()
        cursor.copy_expert(f"COPY (SELECT {columns} FROM {table} WHERE {wanted}) TO STDOUT", rows)  # noqa: S608
    return columns, rows.getvalue()


def _seconds(work: Callable[[], None]) -> float:
    with _taken_back():
        began = time.perf_counter()
        work()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return time.perf_counter() - began


def _reading(text: str) -> float:
    from pricing.rules.tariff_file import read_tariff  # noqa: PLC0415

    began = time.perf_counter()
    read_tariff(text, name="benchmark")
    return time.perf_counter() - began
