"""A day of a million settlements, made by the database itself: bills, claims, settlements, payments, and a statement.

Of the statement 1 in 1,000 records has another amount, 1 in 1,000 is missing, and as many again are strangers. Foreign
keys are not checked and triggers do not fire while the rows are made; what is measured runs with both.
"""

from collections.abc import Iterator

from django.db import connection

ROWS = 1_000_000
INSTITUTION = 1
NOON = "2026-11-20 12:00:00+08"

_TABLES = {
    "registry_institution": (
        (
            "id, name, name_en, online_name, online_name_en, code, region_code, level, grade, price_zone, ownership,"
            " licence_number, licence_authority, licence_until, address, address_en, phone, is_demonstration"
        ),
        (
            "1, '基准医院', 'Benchmark', '基准', 'Benchmark', 'H33010000001', '330100', 3, '', '', 'public', '', '',"
            " date '2030-01-01', '', '', '', true"
        ),
    ),
    "insurance_visitregistration": (
        "id, encounter_id, coverage_id, person_number, person_type, insurance_type, insured_region, visit_number",
        "n, n, n, 'P' || lpad(n::text, 17, '0'), '11', '310', '330100', '330100' || lpad(n::text, 24, '0')",
    ),
    "billing_bill": (
        (
            "id, number, encounter_id, purpose, total_amount, fund_amount, account_amount, family_amount,"
            " institution_amount, cash_amount, state, opened_at, settled_at"
        ),
        f"n, 'B' || n, n, 'consultation', 10, 7, 2, 0, 0, 1, 'settled', '{NOON}', '{NOON}'",
    ),
    "insurance_claim": (
        (
            "id, bill_id, registration_id, batch_number, route, returned_lines, line_scopes, fund_amount, account_amount,"
            " cash_amount, state, settle_msgid, refusal, person_reason, asked_times, opened_at, submitted_at"
        ),
        (
            f"n, n, n, 'C' || n, 'core', '{{}}', '{{}}', 7, 2, 1, 'settled', 'H33010000001' || lpad(n::text, 18, '0'), '', '',"
            f" 1, '{NOON}', '{NOON}'"
        ),
    ),
    "insurance_settlement": (
        (
            "id, claim_id, number, msgid, institution_id, insurance_type, clearing_type, clearing_way, clearing_agency,"
            " insured_region, total_amount, fund_amount, account_amount, cash_amount, mutual_aid_amount, settled_at,"
            " recorded_at"
        ),
        (
            "n, n, '330100' || lpad(n::text, 24, '0'), 'H33010000001' || lpad(n::text, 18, '0'), 1, '310', '11', '1',"
            f" '330100', '330100', 10, 7, 2, 1, 0, '{NOON}'::timestamptz + n * interval '10 milliseconds', '{NOON}'"
        ),
    ),
    "payments_paymentorder": (
        (
            "id, bill_id, number, channel, scene, amount, description, expires_at, state, cashier_url, transaction_id,"
            " created_at, paid_at"
        ),
        (
            f"n, n, 'XL' || lpad(n::text, 20, '0'), 'wechat', 'native', 1, '诊查费', '{NOON}', 'paid', '',"
            f" '4200' || lpad(n::text, 24, '0'), '{NOON}', '{NOON}'"
        ),
    ),
}


_OF_KIND = {
    "integer": "0",
    "smallint": "0",
    "bigint": "0",
    "numeric": "0",
    "boolean": "false",
    "jsonb": "'{}'",
}

_UNSAID = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
  AND is_identity = 'NO'
"""


def make(rows: int = ROWS) -> None:
    """Fill the tables; columns that are not spoken of hold nothing, or zero."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, (columns, values) in _TABLES.items():
            said = {name.strip() for name in columns.split(",")}
            cursor.execute(_UNSAID, [table])
            unsaid = {name: _OF_KIND.get(kind, "''") for name, kind in cursor.fetchall() if name not in said}
            names, filled = ", ".join([columns, *unsaid]), ", ".join([values, *unsaid.values()])
            count = 1 if table == "registry_institution" else rows
            statement = f"INSERT INTO {table} ({names}) SELECT {filled} FROM generate_series(1, {count}) n"  # noqa: S608
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def result_rows(rows: int = ROWS) -> Iterator[str]:
    """The insurer's result file of 3202, line by line, in the order of its columns."""
    for n in range(1, rows + 1):
        key, digits = f"330100{n:024d}", f"{n:018d}"
        person, visit, msgid = f"P{n:017d}", f"330100{n:024d}", f"H33010000001{digits}"
        if n % 1000 == 0:
            yield f"{person}\t{visit}\t{key}\t{msgid}\t3\t0\t\t12.00\t9.00\t2.00\n"
        elif n % 1000 == 1:
            yield f"{person}\t{visit}\t{key}\t\t2\t0\t\t10.00\t7.00\t2.00\n"
        else:
            yield f"{person}\t{visit}\t{key}\t{msgid}\t0\t0\t\t10.00\t7.00\t2.00\n"
        if n % 1000 == 2:
            yield f"{person}\t{visit}\tX{key[1:]}\tX{msgid[1:]}\t1\t0\t\t10.00\t7.00\t2.00\n"


HEADING = "交易时间,微信订单号,商户订单号,交易状态,微信退款单号,商户退款单号,退款状态,商品名称,订单金额,申请退款金额\r\n"


def bill_rows(rows: int = ROWS) -> Iterator[str]:
    """The channel's bill, line by line."""
    yield HEADING
    for n in range(1, rows + 1):
        amount = "3.00" if n % 1000 == 0 else "1.00"
        if n % 1000 != 1:
            yield (
                f"`2026-11-20 12:00:00,`4200{n:024d},`XL{n:020d},`SUCCESS,`0,`0,`,`诊查费,`{amount},`0.00\r\n"
            )
        if n % 1000 == 2:
            yield f"`2026-11-20 12:00:00,`4201{n:024d},`XX{n:020d},`SUCCESS,`0,`0,`,`诊查费,`1.00,`0.00\r\n"
    yield "总交易单数\r\n`1\r\n"
