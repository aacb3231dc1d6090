"""``POST /api/quotes`` and ``manage.py quote``: one document for both, and a named refusal for whatever is wrong."""

import io
import json
import sys
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from pricing.models import Price
from registry.models import Institution
from tests.factories.accounts import UserFactory
from tests.factories.pricing import PriceFactory, PriceItemFactory

pytestmark = pytest.mark.django_db

DAY = "2026-03-16"
_addresses = count(1)


@pytest.fixture
def price(hospital: Institution) -> Price:
    return PriceFactory(amount=Decimal("12.50"), item__code="CT001", item__name="项目")


def question(*lines: dict[str, Any], **said: Any) -> dict[str, Any]:
    told = list(lines) or [{"reference": "1", "item_code": "CT001", "quantity": "2"}]
    return {"institution": "H33010000001", "service_on": DAY, "lines": told, **said}


def ask(client: Client, body: Any, **headers: Any) -> Any:
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    number = next(_addresses)  # each from an address of its own: how often one may ask is another test
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return client.post("/api/quotes", text, content_type="application/json", REMOTE_ADDR=address, **headers)


def run(capsys: Any, body: Any, tmp_path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    file = tmp_path / "question.json"
    file.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    out = io.StringIO()
    try:
        call_command("quote", str(file), *options, stdout=out)
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, json.loads(out.getvalue())


def test_the_quote_names_amount_document_and_steps(client: Client, price: Price) -> None:
    answer = ask(client, question())
    assert answer.status_code == 200
    document = answer.json()
    line = document["lines"][0]
    assert document["total"] == "25.00"
    assert document["is_demonstration"] is True
    assert (line["quantity"], line["amount"]) == ("2", "25.00")
    assert Decimal(line["unit_price"]) == Decimal("12.50")
    assert line["document"]["number"] == price.document.number
    assert line["document"]["evidence_grade"] == "D"
    assert line["price_id"] == price.pk
    assert sum(Decimal(step["amount"]) for step in line["steps"]) == Decimal("12.50")
    assert all(step["text"] and step["text_en"] for step in line["steps"])
    assert len(document["sha256"]) == 64


def test_the_command_line_gives_the_same_document(
    client: Client, price: Price, capsys: Any, tmp_path: Path
) -> None:
    assert run(capsys, question(), tmp_path) == (0, ask(client, question()).json())


def test_both_addresses_answer(client: Client, price: Price) -> None:
    text = json.dumps(question())
    first = client.post("/api/v1/quotes", text, content_type="application/json")
    assert first.json() == ask(client, question()).json()


def test_facts_that_were_printed_give_the_same_quote_again(price: Price, capsys: Any, tmp_path: Path) -> None:
    _code, told = run(capsys, question(), tmp_path, "--facts")
    again = {"lines": question()["lines"], "context": told["context"], "facts": told["facts"]}
    code, document = run(capsys, again, tmp_path)
    assert code == 0
    assert document == {name: told[name] for name in document}


def test_standard_input_is_read(price: Price, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(question())))
    out = io.StringIO()
    call_command("quote", stdout=out)
    assert json.loads(out.getvalue())["total"] == "25.00"


def test_a_refusal_is_a_problem_document_with_every_violation(
    client: Client, price: Price, capsys: Any, tmp_path: Path
) -> None:
    PriceItemFactory(code="NOPRICE")
    wrong = question(
        {"reference": "a", "item_code": "NOPRICE", "quantity": "1"},
        {"reference": "b", "item_code": "CT001", "quantity": "0"},
        {"reference": "c", "item_code": "NOSUCH", "quantity": "1"},
    )
    answer = ask(client, wrong, headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (422, "price_not_found")
    assert problem["type"] == "urn:xinglin:problem:price_not_found"
    assert {each["field"]: each["rule"] for each in problem["violations"]} == {
        "a": "PR-03", "b": "PR-02", "c": "PR-01"
    }  # fmt: skip
    assert all(each["message"] and each["source"] for each in problem["violations"])
    assert "No document sets a price" in problem["detail"]
    code, printed = run(capsys, wrong, tmp_path, "--language", "en")
    assert code == 2
    assert printed == problem


def test_refusals_are_in_chinese_unless_english_is_asked_for(client: Client, price: Price) -> None:
    wrong = question({"reference": "1", "item_code": "CT001", "quantity": "0"})
    assert "不能" in ask(client, wrong).json()["detail"] or "无法" in ask(client, wrong).json()["detail"]
    client.cookies["django_language"] = "en"
    assert "cannot be charged" in ask(client, wrong).json()["detail"]


def test_an_institution_that_is_not_known_is_not_found(
    client: Client, price: Price, capsys: Any, tmp_path: Path
) -> None:
    unknown = question(institution="H99999999999")
    assert ask(client, unknown).status_code == 404
    assert ask(client, unknown).json()["code"] == "institution_unknown"
    assert run(capsys, unknown, tmp_path)[0] == 2


def test_broken_json_is_told_with_its_place(client: Client, price: Price, tmp_path: Path) -> None:
    answer = ask(client, '{\n "lines": [,]')
    assert answer.status_code == 400
    assert "2" in answer.json()["detail"]
    file = tmp_path / "broken.json"
    file.write_text('{\n "lines": [,]')
    with pytest.raises(CommandError, match=r"broken\.json: .*2.*12") as ended:
        call_command("quote", str(file))
    assert ended.value.returncode == 64


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read") as ended:
        call_command("quote", str(tmp_path / "none.json"))
    assert ended.value.returncode == 64


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"lines": []}, "lines"),
        ({"lines": [{"reference": "1", "item_code": "CT001", "quantity": "1"}] * 2}, "lines[1].reference"),
        ({"institution": ""}, "institution"),
        ({"patient_age": 151}, "patient_age"),
        ({"patient_age": -1}, "patient_age"),
        ({"facts": {}}, "facts"),
    ],
)
def test_pr_91_a_question_has_one_meaning(
    client: Client, price: Price, changed: dict[str, Any], field: str
) -> None:
    answer = ask(client, question(**changed))
    assert answer.status_code == 422
    problem = answer.json()
    assert ("PR-91", field) in {(each["rule"], each["field"]) for each in problem["violations"]}


def test_circumstances_may_be_given_in_full(client: Client, price: Price) -> None:
    context = {
        "service_on": DAY, "region_code": "330100", "institution_id": 0, "institution_level": 3,
        "ownership": "public", "is_demonstration": True,
    }  # fmt: skip
    body = {"context": context, "lines": question()["lines"]}
    assert ask(client, body).json()["total"] == "25.00"
    twice = ask(client, {**body, "patient_age": 3})
    assert twice.json()["violations"][0]["field"] == "patient_age"


def test_a_patients_history_is_taken_only_from_staff(client: Client, price: Price) -> None:
    before = {"item_code": "CT001", "quantity": "1", "amount": "12.50", "service_on": DAY, "encounter": "V1"}
    asked = question(charged=[before])
    assert ask(client, asked).status_code == 403
    assert ask(client, asked).json()["code"] == "not_for_you"
    client.force_login(UserFactory(roles=[Role.PATIENT]), backend="django.contrib.auth.backends.ModelBackend")
    assert ask(client, asked).status_code == 403
    client.force_login(UserFactory(roles=[Role.FINANCE]), backend="django.contrib.auth.backends.ModelBackend")
    assert ask(client, asked).status_code == 200


def test_who_asks_too_often_is_told_to_wait(client: Client, price: Price) -> None:
    text = json.dumps(question(institution="H99999999999"))
    for _time in range(121):
        answer = client.post("/api/quotes", text, content_type="application/json", REMOTE_ADDR="10.255.0.1")
    assert answer.status_code == 429
    assert answer["Content-Type"].startswith("application/problem+json")
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize("body", [b"\xff\xfe", b"x" * (256 * 1024 + 1)], ids=["bytes", "much"])
def test_what_is_no_text_or_too_much_of_it_is_refused(client: Client, price: Price, body: bytes) -> None:
    answer = ask(client, body)
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")


def test_nothing_is_read_from_here(client: Client) -> None:
    answer = client.get("/api/quotes", REMOTE_ADDR="10.254.0.1")
    assert answer.status_code == 405
    assert answer["Allow"].startswith("POST")


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
value = plain | st.sampled_from(
    ["CT001", "1", "0", "-1", "1e11", "2026-03-16", "231", "main", "330100", 1, True]
)
fuzzed_line = st.fixed_dictionaries(
    {"reference": value, "item_code": value, "quantity": value},
    optional=dict.fromkeys(
        ("main_reference", "condition", "distance_km", "duration_minutes", "body_part", "performed_at"), value
    ),
)
fuzzed = st.one_of(
    plain,
    st.fixed_dictionaries(
        {"institution": st.just("H33010000001") | value, "lines": st.lists(fuzzed_line, max_size=3) | value},
        optional=dict.fromkeys(
            ("service_on", "patient_age", "practitioner_title", "department", "context"), value
        ),
    ),
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(body=fuzzed)
def test_no_question_is_too_strange_for_an_answer(client: Client, price: Price, body: Any) -> None:
    client.raise_request_exception = True
    assert ask(client, json.dumps(body)).status_code in (200, 400, 404, 422)


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    body=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_no_bytes_are_too_strange_for_an_answer(client: Client, price: Price, body: bytes) -> None:
    assert ask(client, body).status_code in (400, 422)
