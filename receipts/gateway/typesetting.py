"""Typesetting: what a document shows, as JSON, to PDF/A; no text is ever put into markup."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import noto_cjk_sans_otc
import typst

_HOME = Path(__file__).parent
_TEMPLATE = _HOME / "document.typ"
STANDARD: Literal["a-2b"] = "a-2b"
"""PDF/A-2, level B, with tags for readers of the screen. Level A is not claimed: nobody has checked the signed file for it."""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The one family of the documents; nothing from the machine, so that every machine makes the same file."""
    home = str(Path(str(noto_cjk_sans_otc.__file__)).parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[home])


def typeset(sheet: Mapping[str, Any], *, at: datetime) -> bytes:
    """The document as PDF/A-2b; the same sheet and moment give the same bytes.

    Args:
        sheet: what ``receipts.queries.sheets`` makes.
        at: said to be made at.
    """
    whole_second = at.replace(microsecond=0)  # the typesetter knows no smaller part
    compiled = _compiler(sheet).compile(format="pdf", pdf_standards=[STANDARD], timestamp=whole_second)
    return cast("bytes", compiled)


def pictured(sheet: Mapping[str, Any]) -> list[bytes]:
    """Its pages as PNG pictures, for people who look at what they build."""
    pages = _compiler(sheet).compile(format="png", ppi=110)
    return pages if isinstance(pages, list) else [cast("bytes", pages)]


def _compiler(sheet: Mapping[str, Any]) -> typst.Compiler:
    return typst.Compiler(
        str(_TEMPLATE),
        root=str(_HOME),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
    )
