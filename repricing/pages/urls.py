"""Addresses of simulations and corrections."""

from django.urls import path

from repricing.pages import corrections, simulations

app_name = "repricing"

_BATCH = "office/corrections/<str:number>/"

urlpatterns = [
    path("office/simulations/", simulations.simulation_list, name="simulations"),
    path("office/simulations/<str:number>/", simulations.simulation, name="simulation"),
    path(
        "office/simulations/<str:number>/progress/",
        simulations.simulation_fragment,
        name="simulation_fragment",
    ),
    path("office/corrections/", corrections.batch_list, name="corrections"),
    path(_BATCH, corrections.batch, name="correction"),
    path(f"{_BATCH}progress/", corrections.batch_fragment, name="correction_fragment"),
    path(f"{_BATCH}lines.csv", corrections.batch_csv, name="correction_csv"),
    path(f"{_BATCH}act/", corrections.act, name="correction_act"),
    path(f"{_BATCH}lines/<int:line_id>/", corrections.line_act, name="correction_line"),
    path(f"{_BATCH}paybacks/<int:payback_id>/", corrections.paid_back, name="payback"),
]
