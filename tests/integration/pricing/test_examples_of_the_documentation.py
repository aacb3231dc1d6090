"""The examples in docs/integrations/quotes.md and docs/price-file.md are what the program says."""

import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command
from django.test import Client

from registry.models import Institution

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hospital")]
ROOT = Path(__file__).resolve().parents[3]
TARIFFS = ROOT / "pricing" / "tariffs"


def examples(page: str) -> list[Any]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]


@pytest.fixture
def demonstration(db: None) -> None:
    """Consultations of the demonstration."""
    names = ("10-demo-consultations-2021", "11-demo-consultations-2026")
    call_command("load_tariff", *(str(TARIFFS / f"{name}.yaml") for name in names), stdout=io.StringIO())


@pytest.mark.usefixtures("demonstration")
def test_the_examples_of_quotes_are_answered_as_they_say(client: Client) -> None:
    asked, answered, refused, problem = examples("integrations/quotes.md")
    for question, expected, status in ((asked, answered, 200), (refused, problem, 422)):
        answer = client.post("/api/quotes", json.dumps(question), content_type="application/json")
        assert answer.status_code == status
        assert {name: answer.json()[name] for name in expected} == expected


def test_the_price_file_has_the_fields_of_its_page(client: Client, hospital: Institution) -> None:
    (shape,) = examples("price-file.md")
    schema = client.get("/prices/export.schema.json").json()
    told = client.get("/prices/export.json").json()
    jsonschema.validate(told, schema)
    assert list(told) == list(shape)
    assert set(told["content"]) == set(shape["content"])
    assert set(schema["required"]) == set(shape)
    assert set(told["history"][0]) == set(shape["history"][0])
