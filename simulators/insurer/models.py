"""What the insurer keeps. Amounts are yuan."""

# ruff: noqa: DJ008 (no row is ever printed: the control page names the columns it shows)

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from . import records  # noqa: F401 (Django looks for models here)

DIGITS = 16  # of an amount, two of them after the point


class Person(models.Model):
    """A covered person."""

    psn_no = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=50)
    id_number = models.CharField(max_length=18, unique=True)
    gender = models.CharField(max_length=1)
    born_on = models.DateField()
    card_no = models.CharField(max_length=50, unique=True)
    ec_token = models.CharField(max_length=50, unique=True)


class Coverage(models.Model):
    """One insurance of a person; ``opening_deducted`` counts towards the deductible of every year.

    ``balance`` is the personal account, ``balance_of_year`` the part of it that was paid in this year.
    ``remote_kind`` is how she filed for treatment elsewhere (a key of the area's policy), when ``remote_filed``.
    ``family_payer`` is the coverage whose account helps out (家庭共济).
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="coverages")
    insutype = models.CharField(max_length=6)
    psn_type = models.CharField(max_length=6)
    status = models.CharField(max_length=6)
    area = models.CharField(max_length=6)
    insured_on = models.DateField()
    balance = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    opening_deducted = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    remote_filed = models.BooleanField(default=False)
    remote_kind = models.CharField(max_length=20, default="long_term")
    balance_of_year = models.DecimalField(max_digits=DIGITS, decimal_places=2, default=0)
    is_civil_servant = models.BooleanField(default=False)
    aid_category = models.CharField(max_length=10, blank=True)
    employer = models.CharField(max_length=200, blank=True)
    suspended_on = models.DateField(null=True)
    family_payer = models.ForeignKey("self", models.SET_NULL, null=True, related_name="family_members")


class ChronicFiling(models.Model):
    """A disease of which the insurer has acknowledged that she is treated for it over years (门诊慢特病备案)."""

    coverage = models.ForeignKey(Coverage, models.CASCADE, related_name="chronic_filings")
    dise_codg = models.CharField(max_length=30)
    dise_name = models.CharField(max_length=300)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("coverage", "dise_codg", name="one_filing_for_a_disease")
        ]


class Cumulative(models.Model):
    """What counts towards deductible, tiers and cap in one calendar year.

    ``counter`` is what counts together ("outpatient" the ordinary visits, "hifmi" the fund of that wire name …).
    ``window`` is empty for the whole year, else a shorter span or one disease or visit that is limited by itself.
    """

    coverage = models.ForeignKey(Coverage, models.CASCADE, related_name="cumulatives")
    year = models.PositiveSmallIntegerField()
    counter = models.CharField(max_length=40, default="outpatient")
    window = models.CharField(max_length=60, blank=True)
    deducted = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    eligible = models.DecimalField(max_digits=DIGITS, decimal_places=2, default=0)
    fund_paid = models.DecimalField(max_digits=DIGITS, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("coverage", "year", "counter", "window", name="one_cumulative_a_window")
        ]


class SignIn(models.Model):
    """A hospital operator's working day at the insurer."""

    sign_no = models.CharField(max_length=30, unique=True)
    institution = models.CharField(max_length=12)
    operator = models.CharField(max_length=30)
    signed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Message(models.Model):
    """A message accepted for processing, and the one reply it will ever get."""

    msgid = models.CharField(max_length=30, unique=True)
    infno = models.CharField(max_length=6)
    institution = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    refmsgid = models.CharField(max_length=30, blank=True)
    infcode = models.SmallIntegerField(null=True)
    err_msg = models.TextField(blank=True)
    output = models.JSONField(null=True, encoder=DjangoJSONEncoder)


class Visit(models.Model):
    """A registered outpatient visit."""

    mdtrt_id = models.CharField(max_length=30, unique=True)
    coverage = models.ForeignKey(Coverage, models.CASCADE, related_name="visits")
    institution = models.CharField(max_length=12)
    ipt_otp_no = models.CharField(max_length=30)
    begins_at = models.DateTimeField()
    registration = models.JSONField(encoder=DjangoJSONEncoder)
    med_type = models.CharField(max_length=6, blank=True)
    dise_codg = models.CharField(max_length=30, blank=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("institution", "ipt_otp_no", name="one_visit_for_a_hospital_number")
        ]


class Diagnosis(models.Model):
    """A diagnosis of a visit, as reported."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="diagnoses")
    diag_srt_no = models.PositiveSmallIntegerField()
    diag_code = models.CharField(max_length=20)
    diag_name = models.CharField(max_length=100)
    reported = models.JSONField(encoder=DjangoJSONEncoder)


class Settlement(models.Model):
    """A settlement (sign 1) or the negative record that takes one back (sign -1).

    ``fund_pay`` is the sum of all funds; ``booked`` is what was added to the cumulative amounts and taken from
    accounts, and comes off again when the settlement is taken back (``accumulators.give_back``).
    """

    setl_id = models.CharField(max_length=30, unique=True)
    msgid = models.CharField(max_length=30, unique=True)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="settlements")
    chrg_bchno = models.CharField(max_length=30)
    sign = models.SmallIntegerField()
    settled_at = models.DateTimeField()
    reverses = models.OneToOneField("self", models.CASCADE, null=True, related_name="reversed_by")
    cancelled_at = models.DateTimeField(null=True)
    medfee = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    fund_pay = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    acct_pay = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    cash_pay = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    act_pay_dedc = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    eligible = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    year = models.PositiveSmallIntegerField()
    booked = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    setlinfo = models.JSONField(encoder=DjangoJSONEncoder)
    setldetail = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["visit", "chrg_bchno"],
                condition=Q(sign=1, cancelled_at__isnull=True),
                name="one_settlement_in_force_for_a_batch",
            )
        ]


class FeeRow(models.Model):
    """An uploaded fee line, divided when it arrived."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="fees")
    feedetl_sn = models.CharField(max_length=30)
    chrg_bchno = models.CharField(max_length=30)
    dise_codg = models.CharField(max_length=30, blank=True)
    med_list_codg = models.CharField(max_length=50)
    det = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    fulamt_ownpay = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    overlmt = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    preselfpay = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    inscp = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    settlement = models.ForeignKey(Settlement, models.SET_NULL, null=True, related_name="fees")
    reported = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("visit", "feedetl_sn", name="one_fee_line_for_a_number")
        ]


class Fault(models.Model):
    """An order to misbehave: for one transaction number (or ``*``), so many times."""

    infno = models.CharField(max_length=6)
    kind = models.CharField(max_length=40)
    remaining = models.PositiveIntegerField()
    delay_seconds = models.FloatField(default=0)
    text = models.CharField(max_length=500, blank=True)


class FaultRate(models.Model):
    """A standing order to misbehave: for one transaction number (or ``*``), with this probability."""

    infno = models.CharField(max_length=6)
    kind = models.CharField(max_length=40)
    probability = models.FloatField()
    delay_seconds = models.FloatField(default=0)
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("infno", "kind", name="one_rate_for_a_fault")]


class AgreementHold(models.Model):
    """A time in which the agreement with an institution rests; ``ends_on`` is exclusive."""

    institution = models.CharField(max_length=12)
    reason = models.CharField(max_length=200)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)


class RegisteredDoctor(models.Model):
    """A doctor of the national code database; ``is_insured`` says whether she may bill the funds (hi_dr_flag)."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=50)
    institution = models.CharField(max_length=12)
    is_insured = models.BooleanField(default=True)


class Manners(models.Model):
    """How this insurer answers where provinces differ; one row.

    ``fault_seed`` makes faults by rate repeatable; ``fault_round`` begins the row of chances anew. ``days_ahead``
    moves the insurer's calendar, to see a new day or a new year.
    """

    repeated_msgid = models.CharField(max_length=10, default="replay")  # or "refuse"
    amounts = models.CharField(max_length=10, default="text")  # or "number"
    undoing = models.CharField(max_length=10, default="same_day")  # 2601: or "always"
    mutual_aid = models.CharField(max_length=10, default="beside")  # or "inside" acct_pay
    doctors = models.CharField(max_length=10, default="open")  # or "listed": only codes of RegisteredDoctor
    fault_seed = models.IntegerField(null=True)
    fault_round = models.PositiveIntegerField(default=0)
    days_ahead = models.PositiveSmallIntegerField(default=0)
