"""What can be done with audit rules and orders."""

from screening.operations.asking import analyse
from screening.operations.changing import (
    decide_change,
    note_version,
    propose_change,
    propose_switch,
    withdraw_change,
)
from screening.operations.evidence import note_device, return_trace_codes, sell_trace_codes
from screening.operations.handling import report_handling, report_handling_later
from screening.operations.importing import receive_import, take_import
from screening.operations.loading import load_demonstration, load_rules, rows_in_files
from screening.operations.screening import ScreeningResult, screen

__all__ = [
    "ScreeningResult",
    "analyse",
    "decide_change",
    "load_demonstration",
    "load_rules",
    "note_device",
    "note_version",
    "propose_change",
    "propose_switch",
    "receive_import",
    "report_handling",
    "report_handling_later",
    "return_trace_codes",
    "rows_in_files",
    "screen",
    "sell_trace_codes",
    "take_import",
    "withdraw_change",
]
