"""The price list as a file: JSON and CSV, its schema, and the files before it."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from kernel import clock
from pricing.models import PriceFile
from pricing.operations.files import keep_price_file
from pricing.pages.kept import kept
from pricing.pages.views import case_of
from pricing.queries.price_file import LICENCE, SCHEMA, PriceContent, earlier_files, file_with, price_content
from pricing.rules import price_file_schema
from registry.models import Institution

_SCHEMA_FILE = Path(price_file_schema.__file__).with_suffix(".json")
_RISKY = ("=", "+", "-", "@", "\t")
"""Beginnings that a spreadsheet would run as a formula."""


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """The whole file with its history; ``?sha256=`` gives one that was published before."""
    institution, on, today = case_of(request)
    asked = request.GET.get("sha256", "").replace("\0", "")
    if asked:
        return _earlier(request, institution, asked)
    content, first = _published(institution, on, today)
    history = [_told(each) for each in earlier_files(institution)]
    body = {
        "schema": SCHEMA,
        "generated_at": timezone.localtime(first.made_at if first else clock.now()).isoformat(),
        "on": on.isoformat(),
        "licence": LICENCE,
        "sha256": content.sha256,
        "content": content.content,
        "history": history,
    }
    latest = history[0]["sha256"][:16] if history else ""
    return _answer(request, _json(body), f"{content.sha256[:32]}-{on:%Y%m%d}-{len(history)}-{latest}", "json")


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same rows, one for each item and scope; opens in a spreadsheet as it is."""
    institution, on, today = case_of(request)
    content, _first = _published(institution, on, today)
    answer = _answer(request, _csv(content.prices), f"{content.sha256[:32]}-{on:%Y%m%d}", "csv")
    answer["X-Price-File-SHA256"] = content.sha256
    answer["Content-Disposition"] = f'attachment; filename="prices-{institution.code}-{on.isoformat()}.csv"'
    return answer


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema that every file follows."""
    text = _SCHEMA_FILE.read_text(encoding="utf-8")
    return HttpResponse(text, content_type="application/schema+json; charset=utf-8")


@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """What can be fetched, and which contents there were."""
    institution, on, today = case_of(request)
    content, _first = _published(institution, on, today)
    shown = {
        "institution": institution,
        "on": on,
        "content": content,
        "licence": LICENCE,
        "history": earlier_files(institution),
        "tab": "home",
    }
    return render(request, "pricing/files.html", shown)


def _published(institution: Institution, on: date, today: date) -> tuple[PriceContent, PriceFile | None]:
    """The content for a day; that of today is kept, so that the history is what people could fetch."""
    name = f"file:{institution.pk}:{on.isoformat()}"
    content = kept(name, lambda: price_content(institution, on))
    if on != today:
        return content, None
    return content, keep_price_file(institution=institution, content=content, on=today, at=clock.now())


def _earlier(request: HttpRequest, institution: Institution, sha256: str) -> HttpResponse:
    found = file_with(institution, sha256)
    if found is None:
        raise Http404
    body = {
        "schema": SCHEMA,
        "generated_at": timezone.localtime(found.made_at).isoformat(),
        "on": found.first_on.isoformat(),
        "licence": LICENCE,
        "sha256": found.sha256,
        "content": json.loads(found.content),
        "history": [],
    }
    return _answer(request, _json(body), found.sha256[:48], "json")


def _told(file: PriceFile) -> dict[str, Any]:
    return {"sha256": file.sha256, "first_on": file.first_on.isoformat(), "prices": file.price_count}


def _json(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, indent=1)


def _answer(request: HttpRequest, text: str, tag: str, kind: str) -> HttpResponse:
    """The file, or 304 where the caller has it; anyone may keep it, and asks whether it still holds."""
    types = {"json": "application/json; charset=utf-8", "csv": "text/csv; charset=utf-8"}
    whole = HttpResponse(text.encode("utf-8-sig" if kind == "csv" else "utf-8"), content_type=types[kind])
    etag = f'W/"{tag}-{kind}"'
    answer = get_conditional_response(request, etag=etag, response=whole) or whole
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, no-cache"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _csv(rows: Iterable[dict[str, Any]]) -> str:
    flat = [_flat(row) for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row)) or ["item_code"]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(flat)
    return out.getvalue()


def _flat(row: dict[str, Any]) -> dict[str, str]:
    """A row of text; what belongs to the price is beside the item, its scope and limit with a prefix."""
    price = dict(row["price"] or {})
    limit = dict(row["limit"] or {})
    parts = {
        **{name: value for name, value in row.items() if name not in ("price", "limit")},
        **{name: value for name, value in price.items() if name not in ("scope", "bands")},
        **{f"scope_{name}": value for name, value in price.get("scope", {}).items()},
        "bands": _bands(price.get("bands", [])),
        "limit_document_number": limit.get("document_number"),
        "limit_kind": limit.get("kind"),
        "limit_minimum": limit.get("minimum"),
        "limit_maximum": limit.get("maximum") or limit.get("amount"),
    }
    return {name: _cell(value) for name, value in parts.items()}


def _bands(bands: Iterable[dict[str, str | None]]) -> str:
    """``(0,3]=130.00 (3,5]=200.00``, or ``knee=50.00``."""
    return " ".join(
        f"{band['key']}={band['amount']}"
        if band["key"]
        else f"({band['above'] or ''},{band['up_to'] or ''}]={band['amount']}"
        for band in bands
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return f"'{text}" if text.startswith(_RISKY) else text
