"""``manage.py load_tariff FILE…``: load tariff documents, all or none."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from kernel import clock
from kernel.errors import DomainError
from pricing.operations import LoadedTariff, load_tariffs
from pricing.rules.tariff_file import TariffFile, TariffFileBroken, read_tariff


class Command(BaseCommand):
    """Read every file, then load them in one transaction."""

    help = "Load tariff documents (YAML, see docs/tariff-format.md). All files are loaded, or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files and the language of refusals."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, choices=[code for code, _name in settings.LANGUAGES]
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say of each document whether it is new; on a refusal name every fault and change nothing."""
        with translation.override(str(options["language"])):
            try:
                loaded = load_tariffs(files=_read_all(options["files"]), by=None, at=clock.now())
            except DomainError as refusal:
                raise CommandError("\n".join(_sentences(refusal)), returncode=2) from refusal
        for each in loaded:
            self.stdout.write(f"{each.number}: {_news(each)}")


def _news(loaded: LoadedTariff) -> str:
    """What became of one file."""
    if not loaded.is_new:
        return "already loaded"
    policy = f", {loaded.policy_count} openings, successions and rules" if loaded.policy_count else ""
    return f"{loaded.item_count} items, {loaded.price_count} prices{policy}"


def _read_all(paths: list[Path]) -> list[TariffFile]:
    """Read every file before any is loaded, and report the faults of all together."""
    files: list[TariffFile] = []
    faults: list[TariffFileBroken] = []
    for path in paths:
        try:
            files.append(read_tariff(_text(path), name=str(path)))
        except TariffFileBroken as fault:
            faults.append(fault)
    if faults:
        raise TariffFileBroken(violations=[each for fault in faults for each in fault.violations])
    return files


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise CommandError(f"{path}: cannot be read ({fault})", returncode=2) from fault


def _sentences(refusal: DomainError) -> list[str]:
    return [str(violation.message) for violation in refusal.violations] or [str(refusal)]
