"""Addresses of the agreements, below ``office/insurance/agreements/``."""

from django.urls import path

from insurance.pages.agreements import acting, listing, papers

urlpatterns = [
    path("", listing.agreements, name="agreements"),
    path("new/", acting.new, name="agreement_new"),
    path("payable/", listing.payable, name="payable_rules"),
    path("<int:agreement_id>/", listing.agreement, name="agreement"),
    path("<int:agreement_id>/decide/", acting.decide, name="agreement_decide"),
    path("<int:agreement_id>/papers/", papers.add, name="agreement_paper_add"),
    path("<int:agreement_id>/papers/<int:document_id>/", papers.show, name="agreement_paper"),
]
