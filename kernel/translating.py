"""Find every message of the program and keep its catalogue, without GNU gettext."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

_KEYWORDS: dict[str, object] = {
    "gettext": None,
    "gettext_lazy": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_SKIP = {"tests", "simulators", "var", ".venv", "node_modules", "launcher"}


@dataclass(frozen=True)
class Found:
    """One use of a message."""

    msgid: str | tuple[str, ...]
    context: str | None
    place: str
    """File and line."""


def _files(root: Path) -> Iterator[tuple[Path, str]]:
    """Program and template files with their kind."""
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if parts[0] in _SKIP or parts[0].startswith(".") or "migrations" in parts:
            continue
        if path.suffix == ".py":
            yield path, "python"
        elif path.suffix in (".html", ".txt") and "templates" in parts:
            yield path, "template"


def find_messages(root: Path) -> Iterator[Found]:
    """Every message in the program and its templates, in the order of the files."""
    for path, kind in _files(root):
        text = path.read_text(encoding="utf-8")
        source = templatize(text, origin=str(path)) if kind == "template" else text
        name = str(path.relative_to(root))
        for line, msgid, _comments, context in extract(
            "python", io.BytesIO(source.encode()), keywords=_KEYWORDS, options={"encoding": "utf-8"}
        ):
            if msgid:
                yield Found(_normal(msgid), context, f"{name}:{line}")


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
    key = use.msgid if isinstance(use.msgid, str) else use.msgid[0]
    if (
        old is not None
        and not old.fuzzy
        and old.string
        and all(old.string if isinstance(old.string, tuple) else [old.string])
    ):
        return old.string
    known = pairs.get(key, "")
    return known if isinstance(use.msgid, str) else (known,)


def problems(catalog: Catalog, found: list[Found]) -> list[str]:
    """What is untranslated, fuzzy, missing or no longer used, with its place."""
    said = []
    used = {(use.msgid if isinstance(use.msgid, str) else use.msgid[0], use.context) for use in found}
    seen = set()
    for use in found:
        message = catalog.get(use.msgid, use.context)
        key = (str(use.msgid), use.context)
        if key in seen:
            continue
        seen.add(key)
        if message is None:
            said.append(f"{use.place}: not in the catalogue: {use.msgid!r}")
        elif message.fuzzy or not message.string or not all(message.string):
            said.append(f"{use.place}: not translated: {use.msgid!r}")
    for message in catalog:
        key_id = message.id if isinstance(message.id, str) else message.id[0]
        if message.id and (key_id, message.context) not in used:
            said.append(f"catalogue: no longer used: {message.id!r}")
    return said


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
