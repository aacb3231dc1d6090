"""The two ways a claim is spoken of with the insurer, behind one set of verbs."""

from dataclasses import asdict
from importlib import import_module
from typing import Protocol

from insurance.gateway import messages as m
from insurance.gateway.port import GatewayRefused, GatewayUnanswered, InsuranceGateway
from insurance.models import Claim, Route
from insurance.operations import diagnosing, uploading, visits
from insurance.operations.chronic import decide_disease, treatment_type_of
from insurance.operations.insurer import insurer_of
from insurance.operations.messages import exchange
from kernel.money import ZERO


class ClaimRoute(Protocol):
    """How a claim is settled; every verb calls out, never inside a transaction.

    Every verb raises GatewayRefused (final, nothing happened there) or GatewayUnanswered (nobody knows). The numbers
    are those on the claim, so that a verb said twice is one and the same message there.
    """

    def presettle(self, claim: Claim) -> m.SettlementReply:
        """Everything up to what the insurer would pay; nothing is final."""
        ...

    def settle(self, claim: Claim) -> m.SettlementReply:
        """Settle under ``claim.settle_msgid``."""
        ...

    def held(self, claim: Claim, msgid: str) -> m.SettlementReply | None:
        """What the insurer made of our message; None when it holds nothing that bears the number."""
        ...

    def void(self, claim: Claim) -> None:
        """Undo ``claim.settle_msgid``, whatever became of it, under ``claim.void_msgid``."""
        ...

    def reverse(self, claim: Claim) -> m.SettlementReply:
        """Take the settlement back under ``claim.reverse_msgid``; the reply is a record with negative amounts."""
        ...


def route_of(claim: Claim) -> ClaimRoute:
    """The way that was chosen when the claim was opened."""
    if claim.route == Route.MOBILE:
        # Imported by need: the mobile way is built of the same messages.
        found: ClaimRoute = import_module("insurance.operations.mobile.route").MobileRoute()
        return found
    return CoreRoute()


class CoreRoute:
    """The settlement interface of the institution: 2206A, 2207A, 5203, 2601, 2208."""

    def presettle(self, claim: Claim) -> m.SettlementReply:
        """1101, 2201, 5301 where it may be for a chronic disease, 2203A, 2204, 2206A."""
        gateway = _gateway(claim)
        make_known(claim, gateway)
        uploading.upload_lines(claim, gateway)
        return exchange(
            "2206A",
            lambda msgid: gateway.presettle(msgid, terms(claim)),
            registration=claim.registration,
            claim=claim,
            repeatable=True,
        )

    def settle(self, claim: Claim) -> m.SettlementReply:
        """2207A: the terms of 2206A and the sums of 2204."""
        gateway = _gateway(claim)
        if claim.registration.reported_disease != claim.disease_code:
            # Another bill of the visit was reported since, as another kind of treatment; the last report counts.
            diagnosing.report_diagnoses(claim, diagnosing.diagnoses_of(claim.registration.encounter), gateway)
        request = m.Settle(
            **asdict(terms(claim)),
            full_own_pay_amount=claim.full_own_pay_amount or ZERO,
            over_limit_amount=claim.over_limit_amount or ZERO,
            first_self_pay_amount=claim.first_self_pay_amount or ZERO,
            in_scope_amount=claim.in_scope_amount or ZERO,
        )
        return exchange(
            "2207A",
            lambda msgid: gateway.settle(msgid, request),
            registration=claim.registration,
            claim=claim,
            msgid=claim.settle_msgid,
        )

    def held(self, claim: Claim, msgid: str) -> m.SettlementReply | None:
        """5203 of the visit; the record whose ``medins_setl_id`` is our number."""
        gateway = _gateway(claim)
        request = m.QuerySettlement(
            insured_region=claim.registration.insured_region,
            person_number=claim.registration.person_number,
            visit_number=claim.registration.visit_number,
        )
        try:
            answer = exchange(
                "5203",
                lambda number: gateway.query_settlement(number, request),
                registration=claim.registration,
                claim=claim,
                repeatable=True,
            )
        except GatewayRefused as refusal:
            # A question that is refused says nothing about the settlement.
            raise GatewayUnanswered(refusal.reason) from refusal
        return answer.made_by(msgid)

    def void(self, claim: Claim) -> None:
        """2601 of the settling message."""
        gateway = _gateway(claim)
        request = m.ReverseMessage(
            insured_region=claim.registration.insured_region,
            person_number=claim.registration.person_number,
            original_msgid=claim.settle_msgid or "",
            original_transaction="2207",
        )
        exchange(
            "2601",
            lambda msgid: gateway.reverse_message(msgid, request),
            registration=claim.registration,
            claim=claim,
            msgid=claim.void_msgid,
        )

    def reverse(self, claim: Claim) -> m.SettlementReply:
        """2208 of the one settlement of the claim."""
        gateway = _gateway(claim)
        request = m.CancelSettlement(
            insured_region=claim.registration.insured_region,
            settlement_number=claim.settlements.get(reverses__isnull=True).number,
            visit_number=claim.registration.visit_number,
            person_number=claim.registration.person_number,
        )
        return exchange(
            "2208",
            lambda msgid: gateway.cancel_settlement(msgid, request),
            registration=claim.registration,
            claim=claim,
            msgid=claim.reverse_msgid,
        )


def _gateway(claim: Claim) -> InsuranceGateway:
    return insurer_of(claim.registration.encounter.institution)


def make_known(claim: Claim, gateway: InsuranceGateway) -> None:
    """1101, 2201, 5301 and 2203A: who she is, and what the claim is for.

    Raises:
        GatewayRefused: she is not insured as stated, or the visit is not taken.
        GatewayUnanswered: not known; asked again later.
    """
    visits.refuse_beyond_window(claim.registration)
    visits.ensure_registered(claim.registration, gateway)
    codes = diagnosing.diagnoses_of(claim.registration.encounter)
    decide_disease(claim, codes, gateway)
    diagnosing.report_diagnoses(claim, codes, gateway)


def terms(claim: Claim) -> m.Presettle:
    """2206A, and what 2207A says alike."""
    registration = claim.registration
    kind, number = visits.certificate_of(registration)
    return m.Presettle(
        insured_region=registration.insured_region,
        person_number=registration.person_number,
        certificate_type=kind,
        certificate_number=number,
        treatment_type=treatment_type_of(registration, claim.disease_code),
        total_amount=uploading.total_of(claim),
        visit_number=registration.visit_number,
        batch_number=claim.batch_number,
        use_account=True,
        insurance_type=registration.insurance_type,
    )
