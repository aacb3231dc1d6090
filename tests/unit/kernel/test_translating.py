"""The catalogue of messages is complete, or says what is missing."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from kernel import translating

TEMPLATE = """{% load i18n %}
  {% if a %}
      <p>{% translate "Hello" %}</p>
    {% blocktranslate trimmed count n=n %}
      One line
    {% plural %}
      {{ n }} lines
    {% endblocktranslate %}
  {% endif %}
<p>{% translate "Right" context "side" %}</p>
{% include "x.html" with word=_("In an argument") %}
"""
PROGRAM = """
from django.utils.translation import gettext as _, gettext_noop, pgettext

KEPT = gettext_noop("Kept in English, said later.")
said = _("Good %(time)s")
other = pgettext("side", "Left")
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "program.py").write_text(PROGRAM)
    return tmp_path


def catalogue(root: Path, pairs: dict[str, str]) -> Catalog:
    return translating.updated(
        translating.read_catalog(root / "none.po"), translating.find_messages(root), pairs
    )


PAIRS = {
    "Hello": "您好",
    "One line": "%(n)s 行",
    "Right": "右",
    "In an argument": "参数",
    "Good %(time)s": "%(time)s好",
    "Left": "左",
    "Kept in English, said later.": "存英文，后翻译。",
}


def test_messages_are_found_in_programs_and_templates_with_plural_and_context(root: Path) -> None:
    found = {(use.msgid, use.context) for use in translating.find_messages(root)}
    assert found == {
        ("Hello", None),
        (("One line", "%(n)s lines"), None),
        ("Right", "side"),
        ("In an argument", None),
        ("Good %(time)s", None),
        ("Left", "side"),
        ("Kept in English, said later.", None),
    }


def test_a_complete_catalogue_has_no_problems(root: Path) -> None:
    assert translating.problems(catalogue(root, PAIRS), list(translating.find_messages(root))) == []


def test_a_message_without_translation_is_named_with_its_place(root: Path) -> None:
    said = translating.problems(
        catalogue(root, {**PAIRS, "Hello": ""}), list(translating.find_messages(root))
    )
    assert said == ["templates/page.html:3: not translated: 'Hello'"]


def test_a_message_that_nobody_uses_any_more_is_named(root: Path) -> None:
    full = catalogue(root, PAIRS)
    (root / "program.py").write_text("")
    said = translating.problems(full, list(translating.find_messages(root)))
    assert sorted(said) == [
        "catalogue: no longer used: 'Good %(time)s'",
        "catalogue: no longer used: 'Kept in English, said later.'",
        "catalogue: no longer used: 'Left'",
    ]


def test_a_new_message_that_was_not_collected_is_named(root: Path) -> None:
    full = catalogue(root, PAIRS)
    (root / "new.py").write_text('_("New")')
    assert translating.problems(full, list(translating.find_messages(root))) == [
        "new.py:1: not in the catalogue: 'New'"
    ]


def test_a_translation_that_loses_a_placeholder_is_named(root: Path) -> None:
    said = translating.problems(
        catalogue(root, {**PAIRS, "Good %(time)s": "好"}), list(translating.find_messages(root))
    )
    assert said == ["program.py:5: placeholders differ: 'Good %(time)s'"]


def test_a_translation_with_a_lone_per_cent_sign_is_named(root: Path) -> None:
    said = translating.problems(
        catalogue(root, {**PAIRS, "Good %(time)s": "95% 在 %(time)s 内"}),
        list(translating.find_messages(root)),
    )
    assert said == ["program.py:5: a per cent sign is written twice: 'Good %(time)s'"]


def test_a_fuzzy_translation_is_named(root: Path) -> None:
    full = catalogue(root, PAIRS)
    message = full.get("Hello")
    assert message is not None
    message.flags.add("fuzzy")
    said = translating.problems(full, list(translating.find_messages(root)))
    assert said == ["templates/page.html:3: not translated: 'Hello'"]


def test_collecting_keeps_the_translations_there_are(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    translating.write_catalog(catalogue(root, PAIRS), path)
    again = translating.updated(translating.read_catalog(path), translating.find_messages(root), {})
    assert translating.problems(again, list(translating.find_messages(root))) == []


def test_what_is_compiled_is_read_by_gettext(root: Path, tmp_path: Path) -> None:
    import gettext

    path = tmp_path / "django.po"
    translating.write_catalog(catalogue(root, PAIRS), path)
    with translating.compile_catalog(path).open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert read.gettext("Hello") == "您好"
    assert read.pgettext("side", "Left") == "左"
    assert read.ngettext("One line", "%(n)s lines", 5) == "%(n)s 行"
