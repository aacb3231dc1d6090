"""Addresses of prescriptions."""

from django.urls import path

from prescriptions.pages.views import circulation, editor, packs, patient, pharmacy

app_name = "prescriptions"
_EDITOR = "clinic/<str:encounter>/prescription/"
urlpatterns = [
    path("prescriptions/", patient.mine, name="list"),
    path("prescriptions/now/", patient.mine_fragment, name="list_fragment"),
    path("prescriptions/<str:number>/", patient.detail, name="detail"),
    path("prescriptions/<str:number>/now/", patient.detail_fragment, name="detail_fragment"),
    path("prescriptions/<str:number>/note/", patient.note, name="note"),
    path("pharmacy/", pharmacy.review_queue, name="review_queue"),
    path("pharmacy/queue/", pharmacy.queue_fragment, name="queue_fragment"),
    path("pharmacy/<str:number>/", pharmacy.review, name="review"),
    path("pharmacy/<str:number>/decide/", pharmacy.decide, name="decide"),
    path("pharmacy/<str:number>/dispense/", pharmacy.dispense, name="dispense"),
    path("pharmacy/<str:number>/returned/", packs.take_back, name="take_back"),
    path("office/circulation/", circulation.circulations, name="circulation"),
    path("office/circulation/reports/", circulation.reports, name="reports"),
    path("office/circulation/reports/<int:report_id>/again/", circulation.tell_again, name="tell_again"),
    path(
        "office/circulation/reports/<int:report_id>/conclude/",
        circulation.conclude_report,
        name="conclude_report",
    ),
    path("office/circulation/<str:number>/", circulation.one, name="circulation_one"),
    path("office/circulation/<str:number>/order/", circulation.order, name="circulation_order"),
    path(
        "office/circulation/<str:number>/messages/<int:message_id>/",
        circulation.message,
        name="circulation_message",
    ),
    path(_EDITOR, editor.editor, name="editor"),
    path(f"{_EDITOR}drugs/", editor.drugs, name="drugs"),
    path(f"{_EDITOR}lines/", editor.add_line, name="add_line"),
    path(f"{_EDITOR}lines/<int:line>/", editor.change_line, name="change_line"),
    path(f"{_EDITOR}lines/<int:line>/remove/", editor.remove_line, name="remove_line"),
    path(f"{_EDITOR}heal/", editor.heal, name="heal"),
    path(f"{_EDITOR}keep/", editor.keep, name="keep"),
    path(f"{_EDITOR}options/", editor.options, name="options"),
    path(f"{_EDITOR}copy/<str:number>/", editor.copy, name="copy"),
    path(f"{_EDITOR}revise/", editor.revise, name="revise"),
    path(f"{_EDITOR}submit/", editor.submit, name="submit"),
]
