"""Production settings name what the environment does not give. Each start is a process of its own."""

import json
import os
import subprocess
import sys
from fnmatch import fnmatch

import pytest

from hospital.settings import required
from launcher import deployment, stack

CASHIERS = {
    "https://wx.tenpay.com": "H5 of WeChat Pay: h5_url of its answer",
    "https://open.weixin.qq.com": "JSAPI of WeChat Pay: who pays is asked first",
    "https://openapi.alipay.com": "page and wap of Alipay: the gateway",
    "https://mclient.alipay.com": "wap of Alipay: where its gateway leads",
    "https://excashier.alipay.com": "page of Alipay: where its gateway leads",
    "https://openapi-sandbox.dl.alipaydev.com": "the gateway that is configured, here the sandbox",
}
SAY_WHERE_FORMS_GO = """
import json
from hospital.settings.production import CONTENT_SECURITY_POLICY
print(json.dumps(CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"]))
"""


def _start(
    without: str | None = None, program: str = "import hospital.settings.production", **changed: str
) -> subprocess.CompletedProcess[str]:
    given = deployment.environment() | changed
    outside = {
        *required.VARIABLES,
        *required.OF_ALIPAY,
        *(name for gateway in required.GATEWAYS for name in gateway),
    }
    clean = {name: value for name, value in os.environ.items() if name not in outside}
    env = clean | {name: value for name, value in given.items() if name != without}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=stack.ROOT, env=env, capture_output=True, text=True, check=False)


def test_a_complete_environment_starts() -> None:
    assert _start().returncode == 0


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "WECHATPAY_APIV3_KEY", "INSURANCE_BASE_URL"])
def test_a_missing_variable_is_named(name: str) -> None:
    started = _start(without=name)

    assert started.returncode != 0
    assert started.stderr.strip().splitlines()[-1].endswith(f"Set these environment variables: {name}")


def test_one_kind_of_gateway_to_the_insurer_must_be_complete() -> None:
    started = _start(without="INSURANCE_TIF_TOKEN")
    other = _start(
        without="INSURANCE_TIF_TOKEN", INSURANCE_CSB_ACCESS_KEY="key", INSURANCE_CSB_SECRET_KEY="secret"
    )

    assert "INSURANCE_TIF_PAASID, INSURANCE_TIF_TOKEN; or INSURANCE_CSB_ACCESS_KEY" in started.stderr
    assert other.returncode == 0


def test_what_alipay_wants_is_asked_for_only_where_there_is_a_contract_with_it() -> None:
    without = _start(without="ALIPAY_APP_ID")
    not_wanted = _start(without="ALIPAY_APP_ID", PAYMENT_CHANNELS="wechat")

    assert "Set these environment variables: ALIPAY_APP_ID" in without.stderr
    assert not_wanted.returncode == 0


def test_a_field_key_of_the_wrong_length_is_refused() -> None:
    started = _start(FIELD_ENCRYPTION_KEY="short")

    assert started.returncode != 0
    assert "FIELD_ENCRYPTION_KEY" in started.stderr


def test_the_example_file_names_every_required_variable() -> None:
    example = (stack.ROOT / "deploy" / "production.env.example").read_text()
    compose = (stack.ROOT / "docker-compose.yml").read_text()
    named = {line.partition("=")[0] for line in example.splitlines()}

    assert {
        name
        for name in (*required.VARIABLES, *required.OF_ALIPAY)
        if name not in named and f"{name}:" not in compose
    } == set()


def test_a_browser_lets_our_form_lead_to_every_cashier_and_nowhere_else() -> None:
    sandbox = "https://openapi-sandbox.dl.alipaydev.com/gateway.do"
    said = json.loads(_start(program=SAY_WHERE_FORMS_GO, ALIPAY_GATEWAY_URL=sandbox).stdout)

    refused = [place for place in CASHIERS if not any(fnmatch(place, allowed) for allowed in said)]
    assert refused == []
    strangers = [allowed for allowed in said[1:] if not any(fnmatch(place, allowed) for place in CASHIERS)]
    assert strangers == []
    assert said[0] == "'self'"
