"""``manage.py insurer_envelope``: seals and opens with given keys, and says what is wrong."""

import base64
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from kernel import clock
from kernel.sm import sm2_key_pair
from simulators.insurer import sealing as theirs

APP_ID, SECRET = "43AF047BBA47FC8A1AE8EFB232BDBBCB", "4117E877F5FA0A0188891283E4B617D5"  # made up


@pytest.fixture
def platform(tmp_path: Path) -> theirs.PlatformKeys:
    """The platform; ours are in the file."""
    ours, platform = sm2_key_pair(), sm2_key_pair()
    keys = {
        "app_id": APP_ID,
        "app_secret": SECRET,
        "private_key": base64.b64encode(ours[0]).decode(),
        "platform_public_key": base64.b64encode(b"\4" + platform[1]).decode(),
    }
    (tmp_path / "keys.json").write_text(json.dumps(keys))
    return theirs.PlatformKeys(APP_ID, SECRET, platform[0], ours[1])


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command; returns (exit code, standard output, standard error)."""

    def command(verb: str, given: Any, *options: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        text = given if isinstance(given, str) else json.dumps(given)
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        try:
            call_command(
                "insurer_envelope",
                verb,
                "--keys",
                str(tmp_path / "keys.json"),
                *options,
                stdout=out,
                stderr=err,
            )
        except SystemExit as ended:
            return int(str(ended.code)), out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    return command


def test_the_platform_opens_what_the_command_seals(run: Any, platform: theirs.PlatformKeys) -> None:
    code, out, err = run("seal", {"payOrdId": "ORD1", "empty": ""}, "--explain")

    assert code == 0
    assert theirs.open_sealed(json.loads(out), platform, now=clock.now()) == {"payOrdId": "ORD1"}
    assert err.startswith(f"appId={APP_ID}&data=" + '{"payOrdId":"ORD1"}&encType=SM4&')
    assert SECRET not in out + err


def test_the_command_opens_what_the_platform_seals(run: Any, platform: theirs.PlatformKeys) -> None:
    body = theirs.seal(
        {"medOrgOrd": "M1", "medfeeSumamt": "1.00"}, platform, now=clock.now(), case_insensitive=True
    )

    code, out, _ = run("open", body, "--order", "case_insensitive")

    assert (code, json.loads(out)) == (0, {"medOrgOrd": "M1", "medfeeSumamt": "1.00"})
    assert run("open", body)[0] == 2


def test_an_old_envelope_is_opened_only_at_its_own_time(run: Any, platform: theirs.PlatformKeys) -> None:
    body = theirs.seal({"ordStas": "4"}, platform, now=datetime(2025, 1, 1, tzinfo=UTC))

    assert "five minutes" in run("open", body)[2]
    assert json.loads(run("open", body, "--at-its-time")[1]) == {"ordStas": "4"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("no JSON", "no JSON"),
        ("[]", "no JSON object"),
        ({"appId": APP_ID, "encData": "zz"}, "cannot be decrypted"),
        ({"appId": APP_ID, "timestamp": "x", "signData": ""}, "signData"),
    ],
)
def test_what_is_wrong_with_the_input_is_said(
    run: Any, platform: theirs.PlatformKeys, given: Any, words: str
) -> None:
    code, out, err = run("open", given)

    assert (code, out) == (2, "")
    assert words in err


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("{}", "app_id, app_secret"),
        ("no JSON", "keys.json"),
        ('{"app_id": 1}', "app_id"),
        (None, "keys.json"),
    ],
)
def test_what_is_wrong_with_the_keys_is_said(run: Any, tmp_path: Path, keys: str | None, words: str) -> None:
    if keys is not None:
        (tmp_path / "keys.json").write_text(keys)

    code, _, err = run("seal", {"a": "b"})

    assert code == 2
    assert words in err


def test_a_floating_point_number_cannot_be_sealed_by_accident(
    run: Any, platform: theirs.PlatformKeys
) -> None:
    code, out, _ = run("seal", '{"medfeeSumamt": 10.10}')

    assert code == 0
    assert theirs.open_sealed(json.loads(out), platform, now=clock.now()) == {"medfeeSumamt": "10.10"}
