"""``python -m simulators insurer_calculate``: calculate one case without a database."""

import json
import sys
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand

from simulators.insurer.cases import calculated, read_case
from simulators.insurer.reading import Fault, Unreadable

FAULTY = 2


class Command(BaseCommand):
    """Read a case as JSON from standard input, print the wire fields; faults are printed as JSON, exit code 2."""

    help = "Calculate a settlement from JSON on standard input (policy, person, treatment, lines)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, calculate, print."""
        try:
            answer, code = calculated(read_case(_read(sys.stdin.buffer.read()))), 0
        except Unreadable as faulty:
            told = [{"field": fault.field, "message": fault.message} for fault in faulty.faults]
            answer, code = {"errors": told}, FAULTY
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        if code:
            sys.exit(code)


def _read(raw: bytes) -> object:
    try:
        return json.loads(raw, parse_float=Decimal)
    except (UnicodeDecodeError, json.JSONDecodeError) as broken:
        raise Unreadable([Fault("", f"标准输入不是JSON：{broken}")]) from broken
