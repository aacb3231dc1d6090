"""What each institution was given for its insurer's gateway."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from insurance.gateway.credentials import credentials_of
from insurance.gateway.port import GatewayMisconfigured

OURS, OTHERS = "H33010000001", "H33010000002"
Given = Callable[[str], None]


@pytest.fixture
def given(settings: Settings, tmp_path: Path) -> Given:
    """The file as it is written, beside what the deployment has."""
    settings.INSURANCE_TIF_PAASID, settings.INSURANCE_TIF_TOKEN = "all", "token of all"
    settings.INSURANCE_OPERATOR_CODE = "XL001"
    path = tmp_path / "credentials.yaml"
    settings.INSURANCE_CREDENTIALS_FILE = str(path)

    def write(text: str) -> None:
        path.write_text(text, encoding="utf-8")

    return write


def test_an_institution_has_its_own_and_of_the_rest_what_the_deployment_has(given: Given) -> None:
    given(f"{OURS}: {{INSURANCE_TIF_PAASID: mine, INSURANCE_TIF_TOKEN: my token}}\n")
    mine, theirs = credentials_of(OURS), credentials_of(OTHERS)
    assert (mine["INSURANCE_TIF_PAASID"], mine["INSURANCE_TIF_TOKEN"]) == ("mine", "my token")
    assert (mine["INSURANCE_OPERATOR_CODE"], theirs["INSURANCE_OPERATOR_CODE"]) == ("XL001", "XL001")
    assert (theirs["INSURANCE_TIF_PAASID"], theirs["INSURANCE_TIF_TOKEN"]) == ("all", "token of all")


def test_without_a_file_everybody_has_what_the_deployment_has(given: Given, settings: Settings) -> None:
    settings.INSURANCE_CREDENTIALS_FILE = ""
    assert credentials_of(OURS)["INSURANCE_TIF_PAASID"] == "all"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        # Half of one's own and half of another's would be refused at the gateway, at night.
        (f"{OURS}: {{INSURANCE_TIF_PAASID: mine}}", f"{OURS}: INSURANCE_TIF_TOKEN: missing"),
        (f"{OURS}: {{INSURANCE_TIF_PASID: mine}}", "INSURANCE_TIF_PASID: no such setting"),
        (f"{OURS}: {{INSURANCE_OPERATOR_CODE: 1}}", "INSURANCE_OPERATOR_CODE: not a text"),
        (f"{OURS}: hello", f"{OURS}: not a mapping of settings"),
        ("- a", "not a mapping of institutions"),
        ("a: [", "not YAML"),
    ],
)
def test_a_file_with_a_fault_is_refused_and_the_fault_named(given: Given, text: str, fault: str) -> None:
    given(text)
    with pytest.raises(GatewayMisconfigured, match="INSURANCE_CREDENTIALS_FILE") as refused:
        credentials_of(OTHERS)
    assert fault in refused.value.reason


def test_a_file_that_is_not_there_is_told_and_no_secret_with_a_fault(given: Given) -> None:
    with pytest.raises(GatewayMisconfigured, match="FileNotFoundError"):
        credentials_of(OURS)
    given(f"{OURS}: {{INSURANCE_CSB_SECRET_KEY: top-secret, INSURANCE_TIF_TOKEN: 'hidden")
    with pytest.raises(GatewayMisconfigured) as refused:
        credentials_of(OURS)
    assert "top-secret" not in refused.value.reason
