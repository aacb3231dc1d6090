"""Addresses of the finance office."""

from django.urls import path

from finance.pages import (
    bill,
    checkouts,
    days,
    insurer_transfers,
    overview,
    payouts,
    search,
    silent_visits,
    statements,
    transfers,
    trial_balance,
)

app_name = "finance"

urlpatterns = [
    path("office/finance/", overview.overview, name="overview"),
    path("office/finance/search/", search.search, name="search"),
    path("office/finance/bills/<str:number>/", bill.bill, name="bill"),
    path("office/finance/bills/<str:number>/push/", checkouts.push, name="push"),
    path("office/finance/bills/<str:number>/stop/", checkouts.stop, name="stop"),
    path("office/finance/checkouts/", checkouts.desk, name="checkouts"),
    path("office/finance/trial-balance/", trial_balance.trial_balance, name="trial_balance"),
    path("office/finance/trial-balance.<str:form>", trial_balance.export, name="trial_balance_export"),
    path("office/finance/trial-balance/entries/", trial_balance.entries, name="account_entries"),
    path(
        "office/finance/trial-balance/entries.<str:form>", trial_balance.export_entries, name="entries_export"
    ),
    path("office/finance/days/", days.days, name="days"),
    path("office/finance/days/open/", days.open_day, name="open_day"),
    path("office/finance/days/<int:institution_id>/<str:text>/", days.day, name="day"),
    path("office/finance/days/<int:institution_id>/<str:text>/act/", days.act, name="day_act"),
    path("office/finance/days/<int:institution_id>/<str:text>/explain/", days.explain, name="explain"),
    path("office/finance/statements/", statements.statements, name="statements"),
    path(
        "office/finance/statements/<int:institution_id>/<str:month>/",
        statements.on_paper,
        name="statement_on_paper",
    ),
    path(
        "office/finance/statements/<int:institution_id>/<str:month>.xlsx",
        statements.workbook,
        name="statement_workbook",
    ),
    path("office/finance/transfers/", transfers.transfers, name="transfers"),
    path("office/finance/transfers/enter/", transfers.enter, name="enter_transfer"),
    path("office/finance/insurance/", insurer_transfers.insurer_transfers, name="insurer_transfers"),
    path("office/finance/insurance/enter/", insurer_transfers.enter, name="enter_insurer_transfer"),
    path("office/finance/insurance/<str:number>/act/", insurer_transfers.act, name="insurer_transfer_act"),
    path("office/finance/silent-visits/", silent_visits.silent_visits, name="silent_visits"),
    path("office/finance/payouts/", payouts.payouts, name="payouts"),
    path("office/finance/payouts/draft/", payouts.draft, name="draft_payout"),
    path("office/finance/payouts/<str:number>/", payouts.payout, name="payout"),
    path("office/finance/payouts/<str:number>/act/", payouts.act, name="payout_act"),
]
