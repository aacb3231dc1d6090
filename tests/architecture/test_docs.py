"""What the documentation says of the program holds: links, commands, printed pages, tables, and what it may not say."""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import load_command_class
from django.db import connection

from billing.rules import LineFacts, Parts, share_parts
from consultations.rules import estimated_minutes
from encounters.rules.revisits import ProofFacts, proof_violations
from hospital.celery import app as celery_app
from hospital.settings import required

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
PRINTED = (("kernel", "states"), ("kernel", "events"), ("kernel", "rules"), ("insurance", "profiles"))
LARGEST_PICTURE = 150_000  # bytes

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
_CODE = re.compile(r"```.*?```", re.DOTALL)
_FORBIDDEN = {
    "a path of some machine": re.compile(r"(?<![\w.])/(?:work|home|root|Users|opt)/"),
    "a registry's address": re.compile(
        r"pypi\.|/simple\b|npmjs|goproxy|artifactory|nexus|mirrors?\.", re.IGNORECASE
    ),
    "how it was written": re.compile(
        r"\b(?:AI-generated|language model|LLM|chatbot|subagent|the agents?|issue #?\d+)\b", re.IGNORECASE
    ),
    "something unfinished": re.compile(r"\b(?:TODO|FIXME|TBD|lorem ipsum)\b"),
}


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _anchors(page: Path) -> set[str]:
    """Addresses of the headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", _CODE.sub("", _text(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def _table(page: str, heading: str) -> list[list[str]]:
    """Cells of the table below a heading, without its head."""
    below = _text(ROOT / page).split(heading, 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("| \n").split(" | ") for line in below.splitlines() if line.startswith("|")]
    return rows[2:]


@pytest.mark.parametrize("document", PAGES, ids=NAMES)
def test_every_link_leads_somewhere(document: Path) -> None:
    dead = []
    for link, picture in _LINK.findall(_CODE.sub("", _text(document))):
        address, _hash, anchor = unquote(link or picture).partition("#")
        if address.startswith(("http://", "https://", "mailto:")):
            continue
        target = (document.parent / address).resolve() if address else document
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            dead.append(link or picture)

    assert dead == []


@pytest.mark.parametrize("document", PAGES, ids=NAMES)
@pytest.mark.parametrize("what", _FORBIDDEN)
def test_no_page_holds(document: Path, what: str) -> None:
    assert [found.group() for found in _FORBIDDEN[what].finditer(_text(document))] == []


@pytest.mark.parametrize("document", PAGES, ids=NAMES)
def test_a_page_can_be_reached_from_the_readme(document: Path) -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        current = waiting.pop()
        if current in seen or not current.exists() or current.suffix != ".md":
            continue
        seen.add(current)
        links = (link.partition("#")[0] for link, _picture in _LINK.findall(_text(current)) if link)
        waiting += [(current.parent / link).resolve() for link in links if link and "://" not in link]

    assert document in seen


def test_every_documented_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", _text(ROOT / "Makefile"), re.MULTILINE))
    named = {
        target
        for page in PAGES
        for code in re.findall(r"`([^`\n]+)`|^(make .*)$", _text(page), re.MULTILINE)
        for target in re.findall(r"^(?:\w+=\S+ )?make ([a-z-]+)", "".join(code))
    }

    assert named
    assert named - targets == set()


def test_every_documented_management_command_exists() -> None:
    named = {name for page in PAGES for name in re.findall(r"manage\.py ([a-z_]+)", _text(page))}
    theirs = {"migrate", "createsuperuser", "collectstatic", "makemigrations"}
    ours = {path.stem for path in ROOT.glob("*/management/commands/*.py")}

    assert named - theirs - ours == set()


def test_every_documented_path_of_the_program_exists() -> None:
    apps_and_more = "|".join(
        [*settings.OWN_APPS, "hospital", "launcher", "simulators", "tests", "static", "deploy"]
    )
    paths = re.compile(rf"`((?:{apps_and_more})/[\w/.-]+)`")
    missing = {
        f"{name}: {path}"
        for name, page in zip(NAMES, PAGES, strict=True)
        for path in paths.findall(_text(page))
        if not (ROOT / path).exists() and path != "deploy/production.env"
    }

    assert {one for one in missing if not re.search(r": deploy/keys|: static/icons/", one)} == set()


@pytest.mark.parametrize(("app", "name"), PRINTED)
def test_a_printed_page_is_current(app: str, name: str) -> None:
    command: Any = load_command_class(app, f"print_{name}")

    assert _text(ROOT / command.page_path) == command.page(), "run: make docs"


def test_every_table_of_the_product_is_in_the_glossary() -> None:
    models = {model.__name__ for app in settings.OWN_APPS for model in apps.get_app_config(app).get_models()}
    named = set(re.findall(r"`(\w+)`", _text(ROOT / "docs" / "glossary.md")))

    assert models - named == set()


def test_the_table_of_recurring_jobs_is_that_of_the_clock() -> None:
    told = {cells[0].strip("`"): cells[1] for cells in _table("docs/operations.md", "## What runs by itself")}
    seconds = {"s": 1, "h": 3600}
    planned = {name: float(entry["schedule"]) for name, entry in celery_app.conf.beat_schedule.items()}

    assert {
        name: float(every.split()[0]) * seconds[every.split()[1]] for name, every in told.items()
    } == planned


def test_every_setting_of_the_operations_page_is_read_by_the_settings() -> None:
    read = "".join(_text(path) for path in (ROOT / "hospital" / "settings").glob("*.py"))
    cells = _table("docs/operations.md", "## Settings")
    named = {name for row in cells for name in re.findall(r"[A-Z_]{6,}", row[0])}

    assert len(named) > 10
    assert {name for name in named if f'"{name}"' not in read} == set()


def test_the_example_of_the_production_environment_explains_what_must_be_given() -> None:
    given_by_compose = {"DATABASE_URL", "REDIS_URL"}
    explained = set(
        re.findall(r"^([A-Z0-9_]+)=", _text(ROOT / "deploy" / "production.env.example"), re.MULTILINE)
    )

    assert set(required.VARIABLES) - given_by_compose - explained == set()


def test_the_worked_table_of_shares_is_what_billing_gives() -> None:
    rows = _table("docs/algorithms/settlement.md", "## Shares over lines")
    amounts = [[Decimal(cell) for cell in row[1:]] for row in rows]
    *lines, whole = amounts

    shares = share_parts([LineFacts(row[0], row[1]) for row in lines], Parts(*whole[2:]))

    assert [[share.fund, share.account, share.cash] for share in shares] == [row[2:] for row in lines]
    assert [sum(column) for column in zip(*lines, strict=True)] == whole


def test_the_worked_table_of_waiting_is_what_the_queue_says() -> None:
    rows = _table("docs/algorithms/revisit.md", "## The queue")

    for ahead, average, begins, shown in rows:
        until = timedelta(minutes=int(begins.split()[0].replace("−", "-")))
        assert estimated_minutes(int(ahead), int(average), until) == int(shown)
    assert len(rows) == 4


def test_the_worked_table_of_the_window_is_what_the_rule_says() -> None:
    rows = [
        row
        for row in _table("docs/algorithms/revisit.md", "## May this be done online?")
        if row[0][:2] == "20"
    ]

    for diagnosed_on, today, window, verdict in rows:
        proof = ProofFacts("I10", date.fromisoformat(diagnosed_on), "outpatient", has_files_or_record=True)
        found = proof_violations(
            known_category="I10", proof=proof, on=date.fromisoformat(today), window_days=int(window), phone=""
        )
        assert bool(found) == verdict.startswith("refused"), diagnosed_on
    assert len(rows) == 3


@pytest.mark.django_db
def test_the_statements_of_the_operations_page_can_be_carried_out() -> None:
    (block,) = re.findall(r"```sql\n(.*?)```", _text(ROOT / "docs" / "operations.md"), re.DOTALL)
    statements = [one for one in block.split(";") if one.strip()]

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

    assert len(statements) == 3


def test_every_picture_is_small_and_shown() -> None:
    shown = {Path(picture).name for page in PAGES for _link, picture in _LINK.findall(_text(page)) if picture}
    pictures = list((ROOT / "docs" / "pictures").iterdir())

    assert {picture.name for picture in pictures} == shown
    assert [picture.name for picture in pictures if picture.stat().st_size > LARGEST_PICTURE] == []


def test_the_build_and_its_lists_name_no_registry() -> None:
    address = re.compile(r"--index-url|--extra-index-url|https?://[^\s\"']*(?:pypi|/simple)", re.IGNORECASE)
    files = [*ROOT.glob("requirements*"), *(ROOT / ".ci").iterdir()]
    files += [ROOT / name for name in ("Makefile", "Dockerfile", "docker-compose.yml", "pyproject.toml")]

    assert [file.name for file in files if address.search(_text(file))] == []
