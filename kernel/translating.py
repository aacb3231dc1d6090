"""Find every message of the program and keep its catalogue, without GNU gettext."""

import io
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

_KEYWORDS: dict[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*\}")
_NAMED = re.compile(r"%\((\w+)\)[sd]")
_SKIP = {"tests", "simulators", "var", "launcher", "migrations", "test-results", "staticfiles", "__pycache__"}


@dataclass(frozen=True)
class Found:
    """One use of a message."""

    msgid: str | tuple[str, ...]
    context: str | None
    place: str
    """File and line."""

    @property
    def key(self) -> str:
        """The message, of a plural its singular: what a catalogue goes by."""
        return self.msgid if isinstance(self.msgid, str) else self.msgid[0]


def _files(root: Path) -> Iterator[tuple[Path, str]]:
    """Program and template files with their kind, in a fixed order."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _SKIP and not name.startswith("."))
        for path in (Path(folder, name) for name in sorted(names)):
            if path.suffix == ".py":
                yield path, "python"
            elif path.suffix in (".html", ".txt") and "templates" in path.parts:
                yield path, "template"


def find_messages(root: Path) -> Iterator[Found]:
    """Every message in the program and its templates, in the order of the files."""
    for path, kind in _files(root):
        text = path.read_text(encoding="utf-8")
        source = _as_program(text, path) if kind == "template" else text
        name = str(path.relative_to(root))
        for line, msgid, _comments, context in extract(
            "python", io.BytesIO(source.encode()), keywords=_KEYWORDS, options={"encoding": "utf-8"}
        ):
            if msgid:
                yield Found(_normal(msgid), context, f"{name}:{line}")


def _as_program(text: str, path: Path) -> str:
    """A template as calls of gettext, line for line.

    Without the indentation of the template, which a tokenizer of Python takes for blocks that do not match.
    """
    return "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).split("\n"))


def _normal(msgid: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """Plural messages keep their two forms."""
    if isinstance(msgid, str):
        return msgid
    return tuple(part for part in msgid if part)


def read_catalog(path: Path) -> Catalog:
    """The catalogue, empty when there is none yet."""
    if not path.exists():
        return Catalog(locale="zh_Hans", project="Xinglin", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def updated(catalog: Catalog, found: Iterable[Found], pairs: dict[str, str]) -> Catalog:
    """A catalogue of exactly the messages found, with the translations known."""
    fresh = Catalog(locale="zh_Hans", project="Xinglin", charset="utf-8", fuzzy=False)
    for use in found:
        old = catalog.get(use.msgid, use.context)
        fresh.add(use.msgid, _translation(use, old, pairs), context=use.context)
    return fresh


def _translation(use: Found, old: Message | None, pairs: dict[str, str]) -> str | tuple[str, ...]:
    """What the catalogue says, else what the pairs say, else nothing."""
    said = _strings(old) if old is not None and not old.fuzzy else ()
    if not said or not all(said):
        said = (pairs.get(use.key, ""),)
    return said[0] if isinstance(use.msgid, str) else said


def _strings(message: Message) -> tuple[str, ...]:
    """The translations of a message: one, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def problems(catalog: Catalog, found: list[Found]) -> list[str]:
    """What is untranslated, fuzzy, missing, no longer used or loses a placeholder, with its place; empty is good."""
    first = {(use.key, use.context): use for use in reversed(found)}
    said = [
        fault
        for use in reversed(first.values())
        if (fault := _fault(catalog.get(use.msgid, use.context), use))
    ]
    for message in catalog:
        key = message.id if isinstance(message.id, str) else message.id[0]
        if key and (key, message.context) not in first:
            said.append(f"catalogue: no longer used: {key!r}")
    return said


def _fault(message: Message | None, use: Found) -> str:
    """What is wrong with the translation of one message, or nothing."""
    if message is None:
        return f"{use.place}: not in the catalogue: {use.msgid!r}"
    said = _strings(message)
    if message.fuzzy or not said or not all(said):
        return f"{use.place}: not translated: {use.msgid!r}"
    forms = use.msgid if isinstance(use.msgid, tuple) else (use.msgid,)
    allowed = set().union(*(_PLACEHOLDER.findall(form) for form in forms))
    needed = set.intersection(*(set(_PLACEHOLDER.findall(form)) for form in forms))
    if any(not needed <= set(_PLACEHOLDER.findall(text)) <= allowed for text in said):
        return f"{use.place}: placeholders differ: {use.msgid!r}"
    if any(_NAMED.search(form) for form in forms) and not all(map(_can_be_filled, said)):
        return f"{use.place}: a per cent sign is written twice: {use.msgid!r}"
    return ""


def _can_be_filled(text: str) -> bool:
    """Whether a text with named placeholders takes their values; with a lone ``%`` a page falls back to English."""
    try:
        return bool(text % dict.fromkeys(_NAMED.findall(text), 1))
    except (ValueError, TypeError):
        return False


def write_catalog(catalog: Catalog, path: Path) -> None:
    """Write the .po file, messages sorted, so that changes are easy to read."""
    with path.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, omit_header=False, no_location=True)


def compile_catalog(path: Path) -> Path:
    """Write the .mo file beside the .po file."""
    target = path.with_suffix(".mo")
    with path.open("rb") as source, target.open("wb") as file:
        write_mo(file, read_po(source, locale="zh_Hans"))
    return target
