"""What the pages of a simulation show."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing.rules import Parts
from kernel import presentation
from repricing.models import Simulation
from repricing.operations.results import Findings
from repricing.operations.simulating import digest_of
from repricing.pages.drawing import Chart, chart
from repricing.pages.words import age_in_words, refusal_in_words
from repricing.queries.law import proposals_of
from repricing.queries.shown import institutions_by_id, items_by_code, patients_by_id
from repricing.rules.ages import GROUPS
from repricing.rules.tallies import Sums, Tally, share

MOST_ITEMS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; yuan."""

    label: str
    charged: Decimal
    proposed: Decimal
    count: int | None = None
    note: str = ""

    @property
    def difference(self) -> Decimal:
        """Yuan more or less."""
        return self.proposed - self.charged

    @property
    def difference_shown(self) -> str:
        """With its sign, where there is a difference."""
        return (
            presentation.signed_money(self.difference)
            if self.difference
            else presentation.money(self.difference)
        )

    @property
    def percent(self) -> str:
        """Of what was charged, with its sign; empty of nothing."""
        found = share(self.difference, self.charged)
        if found is None:
            return ""
        return f"{found:+.1f} %" if found else "0.0 %"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a title; their differences sum to that of ``total``, where there is one."""

    title: str
    head: str
    rows: tuple[Row, ...]
    total: Row | None = None
    note: str = ""

    @property
    def has_counts(self) -> bool:
        """Whether its rows say how many charges they hold."""
        return any(row.count is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class Refused:
    """Charges that would have no price."""

    why: str
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Result:
    """A simulation that is done."""

    whole: Row
    touched: Row
    changed_count: int
    charts: tuple[Chart, ...]
    tables: tuple[Table, ...]
    refused: tuple[Refused, ...]
    is_stale: bool
    """The revision has changed since."""


def result_of(simulation: Simulation) -> Result:
    """Tables and charts of a simulation; four queries for the names, whatever it counted."""
    found = Findings.from_json(simulation.result)
    items = _items(found.items)
    institutions = institutions_by_id([int(key) for key in found.institutions])
    whole = _row(_("All charges of the period"), found.total)
    tables = (
        Table(_("By payer"), _("Payer"), tuple(_payers(found.total)), whole, _estimate()),
        _items_table(items, found),
        _table(_("By hospital"), _("Hospital"), found.institutions, _name_of(institutions), whole),
        _table(_("By age of the patient"), _("Age"), _in_order(found.ages), _age, whole),
        *_patients(found),
    )
    return Result(
        whole=whole,
        touched=_row(_("Charges of the items that the revision touches"), found.touched),
        changed_count=found.changed_count,
        charts=tuple(_charts(simulation, items, found)),
        tables=tuple(table for table in tables if table.rows),
        refused=tuple(
            Refused(refusal_in_words(code), count, amount)
            for code, (count, amount) in sorted(found.refused.items())
        ),
        is_stale=digest_of(proposals_of(simulation.revision)) != simulation.rows_sha256,
    )


def period_in_words(simulation: Simulation) -> str:
    """First and last day."""
    first, after = simulation.period.lower, simulation.period.upper
    shown = {"first": first.isoformat(), "last": (after - timedelta(days=1)).isoformat()}
    return _("%(first)s to %(last)s") % shown


def _row(label: str, tally: Tally, note: str = "") -> Row:
    return Row(label, tally.charged.total, tally.proposed.total, tally.count, note)


def _items(sums: Sums) -> list[Row]:
    """Touched items, those that change most first."""
    names = items_by_code(sums)
    language = "name" if presentation.is_chinese() else "name_en"
    rows = [_row(getattr(names.get(code), language, code), tally, code) for code, tally in sums.items()]
    return sorted(rows, key=lambda row: (-abs(row.difference), row.note))


def _items_table(rows: list[Row], found: Findings) -> Table:
    total = _row(_("Touched items together"), found.touched)
    shown = {"shown": MOST_ITEMS, "all": len(rows)}
    note = _("The first %(shown)d of %(all)d are listed.") % shown if len(rows) > MOST_ITEMS else ""
    return Table(_("By item"), _("Item"), tuple(rows[:MOST_ITEMS]), total, note)


def _table(title: str, head: str, sums: Sums, name: Callable[[str], str], total: Row) -> Table:
    return Table(title, head, tuple(_row(name(key), tally) for key, tally in sums.items()), total)


def _name_of(records: dict[int, Any]) -> Callable[[str], str]:
    language = "name" if presentation.is_chinese() else "name_en"
    return lambda key: str(getattr(records.get(int(key)), language, key))


def _in_order(ages: Sums) -> Sums:
    return {str(group): ages[str(group)] for group in GROUPS if str(group) in ages}


def _age(key: str) -> str:
    return age_in_words(int(key))


def _payers(tally: Tally) -> Iterable[Row]:
    names = {"fund": _("Insurance fund"), "account": _("Personal account"), "cash": _("Patients in cash")}
    for payer, label in names.items():
        yield Row(label, _part(tally.charged, payer), _part(tally.proposed, payer))


def _part(parts: Parts, payer: str) -> Decimal:
    amount: Decimal = getattr(parts, payer)
    return amount


def _estimate() -> str:
    return _(
        "An estimate: each payer keeps the share in which it paid these charges. The insurer settles by deductible, "
        "ceiling and class of the year, which another amount may meet differently."
    )


def _patients(found: Findings) -> Iterable[Table]:
    people = patients_by_id([who for who, *_rest in (*found.patients.savers, *found.patients.payers)])
    for title, rows in (
        (_("Patients who would pay most more"), found.patients.payers),
        (_("Patients who would save most"), found.patients.savers),
    ):
        shown = tuple(
            Row(str(people.get(who, who)), charged, proposed, note=_born(people.get(who)))
            for who, charged, proposed in rows
        )
        yield Table(title, _("Patient"), shown, note=_("All payers together; names are masked."))


def _born(patient: Any) -> str:
    return _("born in %(year)s") % {"year": patient.born_on.year} if patient else ""


def _charts(simulation: Simulation, items: list[Row], found: Findings) -> Iterable[Chart]:
    unit = _("Yuan, %(period)s; to the right more, to the left less") % {
        "period": period_in_words(simulation)
    }
    by_item = [(row.label, row.difference) for row in items]
    by_payer = [(row.label, row.difference) for row in _payers(found.total)]
    for title, rows in ((_item_finding(items, found), by_item), (_payer_finding(found), by_payer)):
        drawn = chart(title, unit, rows)
        if drawn is not None:
            yield drawn


def _item_finding(items: list[Row], found: Findings) -> str:
    shown = {
        "item": items[0].label if items else "",
        "amount": presentation.signed_money(items[0].difference) if items else "",
        "total": presentation.signed_money(found.total.difference),
    }
    return _("%(item)s changes most: %(amount)s of %(total)s in all") % shown


def _payer_finding(found: Findings) -> str:
    cash = found.total.proposed.cash - found.total.charged.cash
    shown = {"cash": presentation.money(abs(cash)), "total": presentation.money(abs(found.total.difference))}
    if cash > 0:
        return _("Patients would pay an estimated %(cash)s more in cash") % shown
    if cash < 0:
        return _("Patients would pay an estimated %(cash)s less in cash") % shown
    return _("What patients pay in cash would stay the same")
