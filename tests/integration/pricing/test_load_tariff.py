"""``manage.py load_tariff``: loaded once, all or nothing."""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from audit.models import AuditEntry
from pricing.models import Price, PriceItem, TariffDocument
from tests.integration.pricing.conftest import TARIFFS

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
TARIFF = """\
format: 1
document:
  number: {number}
  title: 价目
  title_en: Price list
  issuer: 某局
  issuer_en: Bureau
  region: 330000
  from: {begin}
  evidence: D
  found_at: archive{more}
items:
  - {{code: {code}, name: 门诊, name_en: Visit, category: consultation, unit: {unit}, unit_en: visit}}
prices:
  - {{item: {code}, level: 3, amount: {amount}}}
"""


class Folder:
    """Writes tariff files and loads them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def file(
        self,
        name: str = "a",
        *,
        number: str = "甲1号",
        begin: str = "2026-01-01",
        code: str = "X1",
        amount: str = "10",
        unit: str = "次",
        more: str = "",
    ) -> str:
        path = self.path / f"{name}.yaml"
        text = TARIFF.format(number=number, begin=begin, code=code, amount=amount, unit=unit, more=more)
        path.write_text(text, encoding="utf-8")
        return str(path)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def load(*files: str) -> str:
    out = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("load_tariff", *files, stdout=out)
    return out.getvalue()


def rows() -> tuple[int, int, int]:
    return TariffDocument.objects.count(), PriceItem.objects.count(), Price.objects.count()


def test_everything_shipped_loads_and_loading_again_changes_nothing() -> None:
    files = sorted(map(str, TARIFFS.glob("*.yaml")))
    load(*files)
    first = rows(), list(Price.objects.order_by("pk").values_list("pk", "amount", "effective"))
    load(*files)
    assert (rows(), list(Price.objects.order_by("pk").values_list("pk", "amount", "effective"))) == first
    assert AuditEntry.objects.filter(action="pricing.document.loaded").count() == len(files)


def test_shipped_prices_are_invented_or_name_their_source() -> None:
    load(*sorted(map(str, TARIFFS.glob("*.yaml"))))
    for document in TariffDocument.objects.all():
        assert document.is_demonstration != bool(document.source_key)
        assert document.note != ""
        assert document.note_en != ""


def test_a_file_that_changed_under_its_number_is_refused(folder: Folder) -> None:
    load(folder.file(amount="10"))
    with pytest.raises(CommandError, match="甲1号") as refused:
        load(folder.file(amount="11"))
    assert refused.value.returncode == 2
    assert [int(price.amount) for price in Price.objects.all()] == [10]


def test_a_broken_file_beside_a_good_one_changes_nothing_and_tells_line_and_column(folder: Folder) -> None:
    good = folder.file("good")
    bad = folder.file("bad", number="乙2号", code="X2", amount="free")
    with pytest.raises(CommandError, match=r"bad\.yaml") as refused:
        load(good, bad)
    message = str(refused.value)
    assert "15" in message
    assert "34" in message
    assert rows() == (0, 0, 0)


def test_a_refusal_of_the_second_file_takes_back_the_first(folder: Folder) -> None:
    first = folder.file("a")
    same_scope = folder.file("b", number="乙2号", begin="2026-06-01")
    with pytest.raises(CommandError, match="甲1号"):
        load(first, same_scope)
    assert rows() == (0, 0, 0)


def test_a_document_that_replaces_another_ends_its_prices_in_whatever_order_they_are_given(
    folder: Folder,
) -> None:
    old = folder.file("z", number="甲1号")
    new = folder.file("a", number="乙2号", begin="2026-07-01", amount="12", more="\n  supersedes: [甲1号]")
    load(new, old)
    known = Price.objects.known().order_by("effective")
    periods = [(int(price.amount), price.effective.lower, price.effective.upper) for price in known]
    assert periods == [(10, date(2026, 1, 1), date(2026, 7, 1)), (12, date(2026, 7, 1), None)]


@pytest.mark.parametrize("begin", ["2026-03-16", "2026-02-01"])
def test_a_document_cannot_end_prices_on_a_day_that_has_begun(folder: Folder, begin: str) -> None:
    load(folder.file("a"))
    late = folder.file("b", number="乙2号", begin=begin, amount="12", more="\n  supersedes: [甲1号]")
    with pytest.raises(CommandError):
        load(late)
    assert Price.objects.get().effective.upper is None


def test_a_replaced_document_must_be_known(folder: Folder) -> None:
    with pytest.raises(CommandError, match="丙3号"):
        load(folder.file(more="\n  supersedes: [丙3号]"))


def test_documents_that_replace_each_other_are_refused(folder: Folder) -> None:
    first = folder.file("a", number="甲", more="\n  supersedes: [乙]")
    second = folder.file("b", number="乙", more="\n  supersedes: [甲]")
    with pytest.raises(CommandError):
        load(first, second)


def test_an_item_keeps_its_unit(folder: Folder) -> None:
    load(folder.file("a"))
    with pytest.raises(CommandError, match="X1"):
        load(folder.file("b", number="乙2号", begin="2027-01-01", unit="小时"))


def test_a_file_that_is_not_there_is_named(folder: Folder) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.yaml"):
        load(str(folder.path / "nowhere.yaml"))
