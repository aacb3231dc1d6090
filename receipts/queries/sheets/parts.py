"""The tables and sums of each document."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing.rules import PAYERS, Parts
from kernel import presentation
from kernel.money import ZERO
from receipts.queries.sheets import words
from receipts.queries.sheets.words import quantity, said, yuan
from receipts.rules.capitals import in_capitals
from receipts.rules.content import Content, Line, Movement
from receipts.states import Document

Body = dict[str, Any]


def _table(
    columns: Sequence[tuple[str, int]], rows: Iterable[list[str]], total: list[str], figures: int
) -> Body:
    """``columns``: name and width in parts; the last ``figures`` of them are set to the right."""
    return {
        "columns": [name for name, _width in columns],
        "widths": [width for _name, width in columns],
        "figures": figures,
        "rows": list(rows),
        "total": total,
    }


def _sums(content: Content) -> list[list[str]]:
    """Who pays, as far as it is something, and the whole."""
    names = words.payers()
    return [[names[payer], yuan(amount)] for payer, amount in content.parts.each().items() if amount]


def _capitals(amount: Decimal) -> list[str]:
    """The amount in characters that cannot be altered: only Chinese has them."""
    return [_("In capitals"), in_capitals(amount)] if presentation.is_chinese() else []


def _whole(content: Content) -> Body:
    return {
        "sum": [_("Total (CNY)"), yuan(content.total)],
        "capitals": _capitals(content.total),
        "payers": _sums(content),
    }


def receipt(content: Content) -> Body:
    """By charge type, as the public style of medical receipts sums; then who pays."""
    found: dict[str, list[Line]] = {}
    for line in content.lines:
        found.setdefault(line.charge_type, []).append(line)
    rows = [
        [words.charge_type(code), str(len(lines)), yuan(sum((line.amount for line in lines), ZERO))]
        for code, lines in sorted(found.items())
    ]
    rows += [[_adjusted(one.reason), "", yuan(one.parts.total)] for one in content.adjustments]
    columns = ((_("Charge type"), 6), (_("Number of items"), 2), (_("Amount"), 3))
    return _whole(content) | {"tables": [_table(columns, rows, [], 2)]}


def bill(content: Content) -> Body:
    """Every line and who pays it."""
    names = words.payers()
    used = [payer for payer in PAYERS if _pays(content, payer)]
    columns = [(_("No."), 1), (_("Item"), 7), (_("Amount"), 3), *((names[payer], 3) for payer in used)]
    rows = [
        [str(line.number), said(line.name, line.name_en), yuan(line.amount), *_shares(line.parts, used)]
        for line in content.lines
    ]
    rows += [
        ["", _adjusted(one.reason), yuan(one.parts.total), *_shares(one.parts, used)]
        for one in content.adjustments
    ]
    total = ["", _("Total"), yuan(content.total), *_shares(content.parts, used)]
    return _whole(content) | {"tables": [_table(columns, rows, total, 1 + len(used))]}


def itemised_list(content: Content) -> Body:
    """Every line with its code, price and the document that sets it."""
    columns = (
        (_("No."), 2), (_("Item"), 12), (_("Class"), 3), (_("Price document"), 7), (_("Unit"), 3), (_("Quantity"), 3),
        (_("Unit price"), 4), (_("Amount"), 4),
    )  # fmt: skip
    total = ["", _("Total"), "", "", "", "", "", yuan(content.total)]
    rows = [_listed(line) for line in content.lines]
    rows += [
        ["", _adjusted(one.reason), "", "", "", "", "", yuan(one.parts.total)] for one in content.adjustments
    ]
    return _whole(content) | {"tables": [_table(columns, rows, total, 3)]}


def _listed(line: Line) -> list[str]:
    specification = said(line.specification, line.specification_en)
    name = " ".join(filter(None, (said(line.name, line.name_en), specification)))
    return [
        str(line.number), f"{name}\n{line.code}", words.insurance_class(line.insurance_class), line.document, said(line.unit, line.unit_en),
        quantity(line.quantity), words.unit_price(line.unit_price), yuan(line.amount),
    ]  # fmt: skip


def payment(content: Content) -> Body:
    """Her own money at the channel: what she paid, and what of it went back."""
    kept = sum((one.amount for one in content.movements), ZERO)
    return {
        "sum": [_("Paid by the patient (CNY)"), yuan(kept)],
        "capitals": _capitals(kept),
        "payers": [],
        "tables": [_moved(content.movements)],
    }


def refund(content: Content) -> Body:
    """What went back, to whom, why, and which receipt is out of force."""
    facts = content.refund
    if facts is None:
        raise ValueError("a refund certificate tells of a refund")
    told = [
        [_("Why"), facts.reason or words.situation(facts.situation)],
        [_("Receipt out of force"), facts.cancelled],
        [_("Receipt for what stands"), facts.standing or _("none: everything was given back")],
        [_("Back on"), presentation.iso(facts.at)],
    ]
    columns = ((_("No."), 1), (_("Item"), 8), (_("Quantity"), 3), (_("Amount"), 3))
    rows = [
        [str(line.number), said(line.name, line.name_en), quantity(line.quantity), yuan(line.amount)]
        for line in content.lines
    ]
    rows += [["", _adjusted(one.reason), "", yuan(one.parts.total)] for one in content.adjustments]
    tables = [_table(columns, rows, ["", _("Total"), "", yuan(content.total)], 2)]
    moved = [_moved(content.movements)] if content.movements else []
    return _whole(content) | {"told": told, "tables": [*tables, *moved]}


def _moved(movements: Sequence[Movement]) -> Body:
    columns = (
        (_("Channel"), 4),
        (_("Our order number"), 7),
        (_("Number at the channel"), 8),
        (_("Paid or given back at"), 5),
        (_("Amount"), 3),
    )
    rows = [
        [
            words.channel(one.channel),
            one.number,
            one.channel_number,
            _moment(one),
            yuan(one.amount),
        ]
        for one in movements
    ]
    return _table(columns, rows, [], 1)


def _moment(one: Movement) -> str:
    """2026-11-20 14:32 in Asia/Shanghai."""
    return f"{presentation.iso(one.at)} {presentation.clock_time(one.at)}"


def _adjusted(reason: str) -> str:
    return _("Given back: %(reason)s") % {"reason": reason}


def _shares(parts: Parts, used: Sequence[str]) -> list[str]:
    shares = parts.each()
    return [yuan(shares[payer]) for payer in used]


def _pays(content: Content, payer: str) -> bool:
    return payer == "cash" or any(line.parts.each()[payer] for line in content.lines)


BODIES: dict[Document, Callable[[Content], Body]] = {
    Document.RECEIPT: receipt,
    Document.BILL: bill,
    Document.ITEMISED_LIST: itemised_list,
    Document.PAYMENT: payment,
    Document.REFUND: refund,
}
