"""What an invented document abolishes stays on the list of a real hospital, and the other way round."""

from datetime import date

import pytest

from pricing.models import ItemSuccession
from pricing.queries import published_prices
from registry.models import Institution
from tests.factories.pricing import RECORDED_AT, PriceFactory, PriceItemFactory, TariffDocumentFactory

DAY = date(2026, 3, 16)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("is_demonstration", "abolished_by", "is_listed"),
    [(True, "D", False), (True, "A", True), (False, "D", True), (False, "A", False)],
)
def test_an_item_leaves_the_list_only_by_a_document_that_is_invented_like_the_hospital(
    is_demonstration: bool, abolished_by: str, is_listed: bool, hospital: Institution
) -> None:
    hospital.is_demonstration = is_demonstration
    hospital.save()
    said = {"A": {"evidence": "A", "source_key": "S1"}, "D": {"evidence": "D"}}
    item = PriceItemFactory(region_code="000000")
    PriceFactory(item=item, document=TariffDocumentFactory(**said["D" if is_demonstration else "A"]))
    ItemSuccession.objects.create(
        item=item,
        region_code="330000",
        from_on=DAY,
        document=TariffDocumentFactory(**said[abolished_by]),
        recorded_at=RECORDED_AT,
    )
    listed = {each.item.code for each in published_prices(hospital, DAY)}
    assert (item.code in listed) == is_listed
