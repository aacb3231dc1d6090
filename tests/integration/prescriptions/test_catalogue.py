"""The catalogue, its prices, and the search."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from prescriptions import demo, operations
from prescriptions.models import Drug
from prescriptions.queries import search_drugs
from prescriptions.rules.frequencies import FREQUENCIES
from prescriptions.rules.substances import NAMES
from pricing.models import PriceItem
from tests.factories.prescriptions import AT, DrugFactory
from tests.factories.registry import InstitutionFactory

pytestmark = pytest.mark.django_db

TARIFFS = Path(__file__).resolve().parents[3] / "pricing" / "tariffs"
FILES = operations.drugs_in_files()
ONLINE = [drug for drug in FILES if "special_class" not in drug]


def test_at_least_45_chronic_drugs_are_offered_and_every_one_is_sourced() -> None:
    assert len(ONLINE) == 66
    assert {drug["highest"]["grade"] for drug in FILES} == {"KB", "G"}
    assert len({drug["code"] for drug in FILES}) == len(FILES)


@pytest.mark.parametrize("drug", FILES, ids=lambda drug: drug["code"])
def test_every_drug_fits_the_rules_that_read_it(drug: dict[str, Any]) -> None:
    made = Drug(**operations.catalogue._columns(drug, {}), code=drug["code"])
    made.full_clean(exclude=["item"])
    assert drug["usual"]["frequency"] in FREQUENCIES
    assert str(drug["code"]).startswith(f"{str(drug['class'])[:6]}DEMO")
    if "special_class" not in drug:
        assert set(drug["ingredients"]) <= NAMES.keys()
    if made.max_dose is not None:
        rhythm = FREQUENCIES[made.usual_frequency]
        assert made.usual_dose * max(1, rhythm.most_times_in(made.max_dose_days)) <= made.max_dose


@pytest.fixture
def catalogue() -> None:
    """The shipped tariffs and the demonstration catalogue."""
    InstitutionFactory()
    call_command("load_tariff", *sorted(map(str, TARIFFS.glob("*.yaml"))))
    demo.load(at=AT)


@pytest.mark.usefixtures("catalogue")
def test_loading_twice_changes_nothing() -> None:
    Drug.objects.filter(code="XC08CADEMO001").update(stock=7)
    before = list(Drug.objects.values())
    demo.load(at=AT)
    assert list(Drug.objects.values()) == before


@pytest.mark.usefixtures("catalogue")
def test_every_price_item_of_a_medicine_is_a_drug_of_the_same_pack() -> None:
    forms: dict[str, Any] = {"tablet": "片", "capsule": "粒", "puff": ("吸", "揿")}
    for item in PriceItem.objects.filter(category="drug"):
        drug = Drug.objects.get(code=item.code)
        assert drug.item == item
        assert item.name.startswith(drug.generic_name)
        assert str(drug.units_per_pack) in item.specification
        assert item.specification.endswith(forms[drug.unit])


@pytest.mark.usefixtures("catalogue")
def test_at_least_45_drugs_have_a_price_today() -> None:
    assert Drug.objects.selectable().filter(item__isnull=False).count() >= 45


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    "typed", ["氨氯地平", "苯磺酸", "bhsaldpp", "anlvdiping", "amlodipine", "XC08CADEMO001", "  氨氯 "]
)
def test_a_drug_is_found_by_name_pinyin_initials_and_code(typed: str) -> None:
    assert "苯磺酸氨氯地平片" in [offer.drug.generic_name for offer in search_drugs(typed)]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("typed", ["地西泮", "唑吡坦", "吗啡", "曲马多", "dxpp", "XN05BADEMO905", "米非司酮"])
def test_specially_controlled_medicines_are_never_found(typed: str) -> None:
    assert Drug.objects.matching(typed).exists()
    assert search_drugs(typed) == []


@pytest.mark.usefixtures("catalogue")
def test_the_search_tells_price_and_class_of_the_day() -> None:
    from registry.models import Institution

    (offer, *_rest) = search_drugs(
        "苯磺酸氨氯地平", institution=Institution.objects.get(), on=date(2026, 11, 20)
    )
    assert offer.price is not None
    assert str(offer.price.amount) == "8.400000"
    assert offer.price.insurance_class == "01"
    before = search_drugs("苯磺酸氨氯地平", institution=Institution.objects.get(), on=date(2025, 12, 31))
    assert before[0].price is None


def test_nothing_is_found_for_nothing() -> None:
    DrugFactory()
    assert search_drugs("  ") == []


def test_at_most_the_limit_is_found() -> None:
    for _number in range(5):
        DrugFactory()
    assert len(search_drugs("氨氯", limit=3)) == 3


def test_a_drug_that_left_the_catalogue_is_not_offered() -> None:
    DrugFactory(is_active=False)
    assert search_drugs("氨氯") == []
