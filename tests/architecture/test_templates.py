"""Every template obeys the content policy, names what exists, and can be read by everybody."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.template import engines

from kernel.icons import ICONS

ROOT = Path(__file__).resolve().parents[2]
_OUTSIDE = {".venv", "var", "simulators", "node_modules", "staticfiles"}


def _templates() -> list[Path]:
    return sorted(
        path
        for path in ROOT.rglob("*.html")
        if "templates" in path.parts and path.relative_to(ROOT).parts[0] not in _OUTSIDE
    )


TEMPLATES = _templates()
NAMES = [str(path.relative_to(ROOT)) for path in TEMPLATES]
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*="),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']"),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>"),
    "style element": re.compile(r"<style[\s>]"),
    "something from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"'](?:https?:)?//"
    ),
    "javascript address": re.compile(r"href=[\"']javascript:"),
    "image without alt": re.compile(r"<img(?![^>]*\salt=)[^>]*>"),
    "autofocus that steals the place of a screen reader": re.compile(r"tabindex=[\"'][1-9]"),
}


def _without_comments(text: str) -> str:
    text = re.sub(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", "", text, flags=re.DOTALL)
    return re.sub(r"{#.*?#}|<!--.*?-->", "", text, flags=re.DOTALL)


def test_there_are_templates_to_look_at() -> None:
    assert len(TEMPLATES) > 20


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_template_can_be_parsed(path: Path) -> None:
    engines["django"].from_string(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what: str) -> None:
    held = [
        f"{name}: {found.group(0)[:80]}"
        for path, name in zip(TEMPLATES, NAMES, strict=True)
        if (found := FORBIDDEN[what].search(_without_comments(path.read_text(encoding="utf-8"))))
    ]
    assert held == []


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_every_form_that_posts_carries_the_token(path: Path) -> None:
    text = _without_comments(path.read_text(encoding="utf-8"))
    forms = re.findall(
        r"<form[^>]*method=[\"']post[\"'][^>]*>.*?</form>", text, flags=re.DOTALL | re.IGNORECASE
    )
    assert [form[:80] for form in forms if "csrf_token" not in form] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_every_icon_named_is_in_the_sprite(path: Path) -> None:
    named = re.findall(r"{%\s*icon\s+[\"']([a-z]+)[\"']", path.read_text(encoding="utf-8"))
    assert set(named) <= ICONS


def test_every_colour_of_the_style_sheets_comes_from_the_tokens() -> None:
    white_on_paper = {"#ffffff", "#000000", "#fff", "#000"}
    strange = {
        f"{sheet.name}: {colour}"
        for sheet in (ROOT / "static" / "css").glob("*.css")
        if sheet.name not in {"tokens.css", "admin.css"}
        for colour in re.findall(
            r"(?:#[0-9a-fA-F]{3,8}|rgba?\([^)]*\))(?=[\s;,)])", sheet.read_text(encoding="utf-8")
        )
        if colour not in white_on_paper
    }
    assert strange == set()


def test_the_vendored_files_are_as_the_manifest_says() -> None:
    manifest = json.loads((ROOT / "tests" / "vendor" / "manifest.json").read_text())
    for name, package in manifest.items():
        for file, wanted in package["files"].items():
            place = ROOT / package["into"] / f"{name}-{package['version']}" / Path(file).name
            assert hashlib.sha256(place.read_bytes()).hexdigest() == wanted, place
