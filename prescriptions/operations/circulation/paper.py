"""A PDF of one A5 page, written by hand: Chinese text in a standard font that every reader of PDF brings.

ASSUMPTION: the font is named, not embedded (STSong-Light, Adobe-GB1), which keeps the file at a few kilobytes; a
centre that asks for PDF/A or an embedded font needs a typesetter instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

PAGE = (420, 595)
MARGIN = 36
LEADING = 1.5


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line; ``size`` in points. An empty text is a gap, ``rule`` a line across the page."""

    text: str = ""
    size: int = 10
    rule: bool = False


def write_page(lines: Sequence[TextLine]) -> bytes:
    """The file; lines that do not fit in the width go on in the next line.

    Raises:
        ValueError: more lines than one page holds.
    """
    drawn: list[str] = []
    y = (PAGE[1] - MARGIN) * 1.0
    for line in lines:
        if line.rule:
            y -= 6
            drawn.append(f"0.5 w {MARGIN} {y:.1f} m {PAGE[0] - MARGIN} {y:.1f} l S")
        for piece in _pieces(line):
            y -= line.size * LEADING
            drawn.append(f"BT /F1 {line.size} Tf {MARGIN} {y:.1f} Td <{_hex(piece)}> Tj ET")
    if y < MARGIN:
        raise ValueError("more than one page")
    return _file("\n".join(drawn))


def _pieces(line: TextLine) -> list[str]:
    """The text in lines that fit."""
    if line.rule:
        return []
    most = (PAGE[0] - 2 * MARGIN) / line.size
    pieces, width = [""], 0.0
    for sign in line.text:
        step = 0.5 if sign.isascii() else 1.0
        if width + step > most:
            pieces.append("")
            width = 0.0
        pieces[-1] += sign
        width += step
    return pieces


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _file(content: str) -> bytes:
    """Objects, their table, and the trailer."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE[0]} {PAGE[1]}] /Contents 4 0 R "
            "/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H "
            "/DescendantFonts [6 0 R] >>"
        ),
        (
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 7 0 R >>"
        ),
        (
            "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
            "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
        ),
    ]
    body, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size, start = len(objects) + 1, len(body)
    body += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{body}startxref\n{start}\n%%EOF\n".encode("ascii")
