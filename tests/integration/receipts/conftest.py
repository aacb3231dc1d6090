"""A key to sign with, and files of their own, for every test of receipts."""

from pathlib import Path
from typing import Any

import pytest

from receipts.operations import printing
from tests.factories.receipts import signing_key


@pytest.fixture(scope="session")
def key_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Made once: a key of 3072 bits takes its time."""
    return signing_key(tmp_path_factory.mktemp("receipts"))


@pytest.fixture(autouse=True)
def _installation(settings: Any, tmp_path: Path, key_path: str) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.RECEIPTS_SIGNING_KEY_PATH = key_path
    settings.RECEIPTS_SIGNING_KEY_PASSWORD = ""
    settings.PUBLIC_BASE_URL = "https://hospital.example.org"


@pytest.fixture
def unsigned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files without a signature, for tests that are not about it: signing takes most of the time."""
    monkeypatch.setattr(printing, "sign", lambda pdf, reason: pdf)
