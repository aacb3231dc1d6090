"""``manage.py insurer_envelope seal|open``: a mobile payment envelope on standard input and output, for joint debugging.

``seal`` turns content (JSON) into an envelope; ``open`` an envelope into its content. The keys are this hospital's, or
those of ``--keys FILE``: a JSON object with ``app_id``, ``app_secret``, ``private_key`` and ``platform_public_key``
(Base64). The exit code is 2 when the input, the keys or the signature are not right; the reason is on standard error.
"""

import json
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from insurance.gateway.port import GatewayMisconfigured
from insurance.gateway.sealing import (
    ORDERS,
    EnvelopeKeys,
    EnvelopeNotGenuine,
    EnvelopeUnreadable,
    decrypted,
    open_sealed,
    seal,
    text_to_sign,
)
from insurance.operations.mobile.centre import envelope_keys
from kernel import clock

HIDDEN = "***"


class Command(BaseCommand):
    """Seal or open one envelope."""

    help = "Seal or open a mobile payment envelope: JSON on standard input, JSON on standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, with which keys."""
        parser.add_argument("verb", choices=("seal", "open"))
        parser.add_argument(
            "--keys", type=Path, help="JSON file with app_id, app_secret, private_key, platform_public_key"
        )
        parser.add_argument(
            "--order", choices=tuple(ORDERS), default="ordinal", help="how nested keys are sorted"
        )
        parser.add_argument(
            "--explain",
            action="store_true",
            help="print the text that is signed on standard error, without the secret",
        )
        parser.add_argument(
            "--at-its-time", action="store_true", help="open an old envelope: take its own time for now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One envelope."""
        del args
        try:
            keys = _keys(options["keys"])
            given = _read()
            result = (
                _sealed(given, keys, options) if options["verb"] == "seal" else _opened(given, keys, options)
            )
        except (EnvelopeUnreadable, EnvelopeNotGenuine, GatewayMisconfigured, ValueError) as wrong:
            self._fail(str(wrong))
        if options["explain"]:
            self.stderr.write(_explanation(given, result, keys, options))
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2, default=str))

    def _fail(self, reason: str) -> NoReturn:
        self.stderr.write(reason)
        sys.exit(2)


def _keys(path: Path | None) -> EnvelopeKeys:
    if path is None:
        return envelope_keys()
    names = ("app_id", "app_secret", "private_key", "platform_public_key")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as wrong:
        raise ValueError(f"{path}: {wrong}") from wrong
    missing = [
        name for name in names if not isinstance(content, dict) or not isinstance(content.get(name), str)
    ]
    if missing:
        raise ValueError(f"{path}: {', '.join(missing)} missing")
    return EnvelopeKeys.from_text(**{name: content[name] for name in names})


def _read() -> dict[str, Any]:
    try:
        content = json.loads(sys.stdin.read(), parse_float=Decimal)
    except ValueError as wrong:
        raise ValueError(f"standard input is no JSON: {wrong}") from wrong
    if not isinstance(content, dict):
        raise ValueError("standard input holds no JSON object")
    return content


def _sealed(content: dict[str, Any], keys: EnvelopeKeys, options: dict[str, Any]) -> dict[str, Any]:
    return seal(content, keys, at=clock.now(), nested_key_order=options["order"])


def _opened(envelope: dict[str, Any], keys: EnvelopeKeys, options: dict[str, Any]) -> dict[str, Any]:
    now = _time_of(envelope) if options["at_its_time"] else clock.now()
    return open_sealed(envelope, keys, now=now, nested_key_order=options["order"])


def _time_of(envelope: dict[str, Any]) -> datetime:
    try:
        return datetime.fromtimestamp(int(str(envelope.get("timestamp"))) / 1000, UTC)
    except (ValueError, OverflowError, OSError) as wrong:
        raise ValueError("the envelope bears no time") from wrong


def _explanation(
    given: dict[str, Any], result: dict[str, Any], keys: EnvelopeKeys, options: dict[str, Any]
) -> str:
    """What was signed, so that two sides can compare it letter by letter."""
    envelope = decrypted(result if options["verb"] == "seal" else given, keys)
    return text_to_sign(envelope, HIDDEN, nested_key_order=options["order"])
