"""One function for each transaction number."""

from collections.abc import Callable
from typing import Any

from simulators.insurer.call import Call

from .analysis import analyse, take_handling
from .cancellation import cancel_settlement
from .care import take_care_record
from .drugs import take_return, take_sale
from .fees import upload_fees, withdraw_fees
from .files import keep_file, offer_file
from .history import query_accumulated, query_filings, query_visits
from .person import read_person
from .query import query_settlement
from .reversal import reverse_message
from .settlement import presettle, settle
from .sign_in import sign_in, sign_out
from .statement import compare_details, compare_totals
from .visit import cancel_visit, register_visit, report_visit

Handler = Callable[[Call], dict[str, Any] | None]

HANDLERS: dict[str, Handler] = {
    "9001": sign_in,
    "9002": sign_out,
    "1101": read_person,
    "2201": register_visit,
    "2202": cancel_visit,
    "2203A": report_visit,
    "2204": upload_fees,
    "2205": withdraw_fees,
    "2206A": presettle,
    "2207A": settle,
    "2208": cancel_settlement,
    "2601": reverse_message,
    "5203": query_settlement,
    "3101": analyse,
    "3102": analyse,
    "3103": take_handling,
    "3505": take_sale,
    "3506": take_return,
    "4301": take_care_record,
    "5201": query_visits,
    "5206": query_accumulated,
    "5301": query_filings,
    "3201": compare_totals,
    "3202": compare_details,
    "9101": keep_file,
    "9102": offer_file,
}
