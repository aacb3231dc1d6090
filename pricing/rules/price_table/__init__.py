"""Prices as a table that people fill in with a spreadsheet: columns, reading, writing."""

from pricing.rules.price_table.columns import BY_KEY, COLUMNS, Column, Form
from pricing.rules.price_table.faults import Fault
from pricing.rules.price_table.reading import MOST_BYTES, MOST_ROWS, TableRead, TableRow, read_table
from pricing.rules.price_table.writing import csv_of, faults_as_csv, xlsx_of

__all__ = [
    "BY_KEY",
    "COLUMNS",
    "MOST_BYTES",
    "MOST_ROWS",
    "Column",
    "Fault",
    "Form",
    "TableRead",
    "TableRow",
    "csv_of",
    "faults_as_csv",
    "read_table",
    "xlsx_of",
]
