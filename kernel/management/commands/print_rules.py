"""``manage.py print_rules``: ``docs/rules.md`` from the numbered rules and their docstrings."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from django.conf import settings

from kernel.management.printed import Module, PrintPage, first_paragraph, functions_of, modules_of

HEAD = """\
# Rule book

Printed from the program by `manage.py print_rules --write`. A rule is a function that returns every violation it finds;
its number stays, its docstring is the sentence below, and the *said* lines are what the person reads (in Chinese in the
Chinese interface; `%(name)s` and `{…}` stand for values). Numbers are counted in each app by itself: `R-01` of `registry`
and `R-01` of `prescriptions` are two rules. "Ours" marks what no document demands. Sources by key: `S1`…`S34` are listed in
[How a price is found](algorithms/pricing.md); `C-01` is informed consent and `C-02` the real name (互联网诊疗监管细则, 2022);
`TJ` is Tianjin's supervision interface for Internet care.
"""
_NUMBER = re.compile(r"([A-Z]{1,2}-|[ACDI])(\d{1,2})")
_SOURCE = re.compile(r"Source:\s*(.+?)(?:\n\s*\n|\Z)", re.DOTALL)


@dataclass
class Rule:
    """What the source says of one number in one app."""

    sentences: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    is_row: bool = False
    """Stands in a table of the module, whose words hold for every row."""


class Command(PrintPage):
    """Print every numbered rule with its sentence, its source and its place."""

    help = "Print docs/rules.md."
    page_path = "docs/rules.md"

    def page(self) -> str:
        """All rules, lowest app first."""
        sections = [(app, rules_of(app)) for app in settings.OWN_APPS]
        return "\n".join([HEAD, *(_section(app, rules) for app, rules in sections if rules)])


def rules_of(app: str) -> dict[str, Rule]:
    """Rules by number, in the order of their numbers."""
    found: dict[str, Rule] = defaultdict(Rule)
    for module in modules_of(app):
        for number, call, function in _uses(module.tree):
            _note(found[number], module, call, function)
    return dict(sorted(found.items(), key=lambda pair: _order(pair[0])))


def _order(number: str) -> tuple[str, int]:
    """I9 before I10."""
    letters, digits = _NUMBER.fullmatch(number).groups()  # type: ignore[union-attr]
    return letters, int(digits)


def _uses(tree: ast.Module) -> Iterator[tuple[str, ast.Call, ast.FunctionDef | None]]:
    """Calls whose first argument is the number of a rule, with the function around them, if any."""
    inside = {id(node): function for function in functions_of(tree) for node in ast.walk(function)}
    for node in ast.walk(tree):
        first = node.args[0] if isinstance(node, ast.Call) and node.args else None
        if isinstance(first, ast.Constant) and _NUMBER.fullmatch(str(first.value)):
            yield str(first.value), cast("ast.Call", node), inside.get(id(node))


def _note(rule: Rule, module: Module, call: ast.Call, function: ast.FunctionDef | None) -> None:
    """Add what one use tells; helpers without words of their own take those of their callers."""
    rule.is_row = function is None
    for words in _docstrings(module.tree, function):
        sentence = re.sub(r"^[A-Z]+-\d\d(, [A-Z]+-\d\d)*: ", "", first_paragraph(words)).replace("``", "`")
        _add(rule.sentences, sentence[:1].upper() + sentence[1:])
        source = _SOURCE.search(words)
        _add(rule.sources, " ".join(source.group(1).split()).rstrip(".") if source else "")
    for keyword in call.keywords:
        if keyword.arg == "source":
            _add(rule.sources, _constant(module.tree, keyword.value))
    if len(call.args) > 1:
        _add(rule.said, _said(function or module.tree, call))
    _add(rule.places, f"`{module.path}`")


def _docstrings(tree: ast.Module, function: ast.FunctionDef | None) -> Iterator[str]:
    """Of the function, else of those that lead to it; of the module for a row of a table."""
    if function is None:
        yield ast.get_docstring(tree) or ""
    elif words := ast.get_docstring(function):
        yield words
    else:
        for caller in _callers(tree, function.name):
            yield ast.get_docstring(caller) or ""


def _callers(tree: ast.Module, name: str) -> Iterator[ast.FunctionDef]:
    """Documented functions of the module that lead to ``name``."""
    for function in functions_of(tree):
        calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
        if function.name != name and any(ast.unparse(call.func) == name for call in calls):
            if ast.get_docstring(function):
                yield function
            else:
                yield from _callers(tree, function.name)


def _said(scope: ast.AST, call: ast.Call) -> str:
    """The English text of the message, when it stands in the function."""
    message: ast.AST = call.args[1]
    if isinstance(message, ast.BinOp):
        message = message.left
    if isinstance(message, ast.Name) and (assigned := _assigned(scope, message)):
        return assigned
    if isinstance(message, ast.Call) and ast.unparse(message.func).startswith(("_", "gettext")):
        return _text(message)
    words: list[ast.expr] = [argument for argument in call.args if _is_words(argument)]
    names = [a for a in call.args if isinstance(a, ast.Name)]
    pair = [a for a in call.args[2:] if isinstance(a, ast.JoinedStr | ast.Constant)]  # (…, zh, en)
    texts = [*(_text(w) for w in words[:1]), *(_assigned(scope, n) for n in names), *map(_text, pair)]
    return next(filter(None, texts), "")


def _assigned(scope: ast.AST, name: ast.Name) -> str:
    """The text last given to a local name above its use."""
    given = [
        node
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == name.id
        and node.lineno < name.lineno
    ]
    return _text(max(given, key=lambda node: node.lineno).value) if given else ""


def _is_words(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in {"Words", "_words"}


def _text(node: ast.AST) -> str:
    """The literal in ``_("…")``, ``_("…") % …``, ``Words(zh, en)`` or an f-string."""
    if isinstance(node, ast.BinOp):
        return _text(node.left)
    if isinstance(node, ast.Call) and node.args:
        return _text(node.args[1] if _is_words(node) and len(node.args) > 1 else node.args[0])
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "{…}" for p in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _constant(tree: ast.Module, node: ast.AST) -> str:
    """The text of a literal or of a module's constant."""
    if isinstance(node, ast.Name):
        values = (
            a.value for a in tree.body if isinstance(a, ast.Assign) and ast.unparse(a.targets[0]) == node.id
        )
        return _text(next(values, node))
    return _text(node)


def _add(texts: list[str], text: str) -> None:
    """Keep a text once."""
    if text and text not in texts:
        texts.append(text)


def _section(app: str, rules: dict[str, Rule]) -> str:
    parts = [f"## {app}", ""]
    tables: dict[str, list[str]] = defaultdict(list)
    for number, rule in rules.items():
        words = "\n".join(_words(rule))
        if rule.is_row:
            tables[words] += [f"- **{number}**: {text}" for text in rule.said]
        else:
            parts += [f"### {number}", "", words, ""]
    for words, rows in tables.items():
        parts += [f"### Table: {rows[0].split('*')[2]} to {rows[-1].split('*')[2]}", "", words, "", *rows, ""]
    return "\n".join(parts)


def _words(rule: Rule) -> list[str]:
    """Sentence, what is said, sources and places; a row of a table says its own after it."""
    said = [] if rule.is_row else [f"- said: {text}" for text in rule.said]
    sources = [f"- source: {text}" for text in rule.sources]
    return [" ".join(rule.sentences), "", *said, *sources, f"- in {', '.join(rule.places)}"]
