"""``manage.py insurer_calculate``: the same figures as over the wire, and every fault in a sentence."""

import io
import json
import sys
from typing import Any

import pytest
from django.core.management import call_command

from insurance.gateway.client import InsuranceClient
from tests.verification.insurance.visiting import Hospital, new_msgid

ZHANG = {
    "insuplc_admdvs": "330100",
    "insutype": "310",
    "psn_type": "1201",
    "brdy": "1956-03-08",
    "balc": "2.00",
    "accumulators": [{"deducted": "300.00"}],
}
DAY = {"on": "2026-03-02", "level": "3"}


class Typed:
    """Standard input with something on it."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def calculate(content: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[int, dict[str, Any]]:
    """Exit code and answer of the product's command."""
    monkeypatch.setattr(sys, "stdin", Typed(content))
    printed = io.StringIO()
    code = 0
    try:
        call_command("insurer_calculate", stdout=printed)
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, json.loads(printed.getvalue())


def test_the_products_command_gives_what_the_insurer_answers(
    hospital: Hospital, client: InsuranceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled = client.settle(new_msgid(), hospital.ready_to_settle())
    lines = [
        {"med_list_codg": "001102000010000", "pric": "10.00", "cnt": "1"},
        {"med_list_codg": "XC09CADEMO005", "pric": "30.00", "cnt": "2"},
    ]
    case = {"policy": "33", "person": ZHANG, "treatment": DAY, "lines": lines}
    code, answer = calculate(json.dumps(case).encode(), monkeypatch)
    told = json.loads(settled.reply_text)["output"]
    assert code == 0
    assert answer["setlinfo"] == {name: told["setlinfo"][name] for name in answer["setlinfo"]}
    assert answer["setldetail"] == told["setldetail"]
    # In scope 10.00 + 54.00; 70 % of it.
    assert (answer["setlinfo"]["hifp_pay"], answer["setlinfo"]["psn_cash_pay"]) == ("44.80", "23.20")
    assert {
        "counter": "outpatient",
        "window": "",
        "deducted": "300.00",
        "eligible": "64.00",
        "fund_paid": "44.80",
    } in (answer["accumulators"])
    assert answer["policy"][0] == {
        "name": "演示职工普通门诊",
        "grade": "D",
        "source": "演示：便于手工核对的整数，不是任何城市的政策",
        "note": "",
    }


def test_the_products_command_passes_faults_on_with_exit_code_two(monkeypatch: pytest.MonkeyPatch) -> None:
    code, answer = calculate(b"{", monkeypatch)
    assert code == 2
    assert "不是JSON" in answer["errors"][0]["message"]
