"""The shipped tariffs are in order, and come out as they went in."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pricing.models import TariffDocument
from pricing.queries.exporting import exported
from pricing.queries.proof import Severity, tariff_findings
from pricing.rules.tariff_file import read_tariff

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 16)


def test_nothing_shipped_is_wrong(shipped: None) -> None:
    wrong = [found for found in tariff_findings(on=TODAY) if found.severity is Severity.WRONG]
    assert wrong == []


def test_every_shipped_file_comes_out_as_it_went_in(shipped: None) -> None:
    numbers = list(TariffDocument.objects.values_list("number", flat=True))
    for number, text in exported(numbers, form="yaml").items():
        document = TariffDocument.objects.get(number=number)
        assert read_tariff(text, name=number).sha256 == document.content_sha256


def test_several_documents_are_several_files(shipped: None, tmp_path: Path) -> None:
    numbers = ["黑医保发〔2022〕60号", "演医保发〔2020〕30号"]
    with pytest.raises(CommandError, match="--into"):
        call_command("export_tariff", *numbers)
    call_command("export_tariff", *numbers, "--into", str(tmp_path / "out"), stdout=StringIO())
    assert len(list((tmp_path / "out").glob("*.yaml"))) == 2
