"""Whether the content has the form of the schema: fields, and what each may hold."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import jsonschema_rs
from django.utils.translation import gettext_lazy as _

from kernel.errors import Text
from pricing.rules.tariff_file.contents import Fault

_TARIFFS = FilePath(__file__).resolve().parents[2] / "tariffs"
SCHEMAS = {"1": _TARIFFS / "schema-1.json", "2": _TARIFFS / "schema.json"}
"""By the number of the format; the first is only read, never written any more."""
NEWEST = "2"


@cache
def _validator(number: str) -> jsonschema_rs.Draft202012Validator:
    schema = json.loads(SCHEMAS[number].read_text(encoding="utf-8"))
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def faults_of_form(content: Any) -> Iterator[Fault]:
    """Every field that is missing, unknown, or has a value that it does not take."""
    number = content.get("format") if isinstance(content, dict) else None
    validator = _validator(number if number in SCHEMAS else NEWEST)
    for error in validator.iter_errors(content):
        path = tuple(error.instance_path)
        kind = error.kind
        if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
            yield path, _("“%(key)s” is missing.") % {"key": kind.property}
        elif isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
            for key in sorted(kind.unexpected):
                yield (*path, key), _("“%(key)s” is not a field of this format.") % {"key": key}
        else:
            yield path, _value_message(error.instance)


def _value_message(value: Any) -> Text:
    if isinstance(value, str):
        return _("“%(value)s” is not a value this field takes.") % {"value": value}
    return _("This field takes another kind of value.")
