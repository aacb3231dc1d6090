"""What the insurer keeps. Amounts are yuan."""

# ruff: noqa: DJ008 (no row is ever printed: the control page names the columns it shows)

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

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
    """One insurance of a person; ``opening_deducted`` counts towards the deductible of every year."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="coverages")
    insutype = models.CharField(max_length=6)
    psn_type = models.CharField(max_length=6)
    status = models.CharField(max_length=6)
    area = models.CharField(max_length=6)
    insured_on = models.DateField()
    balance = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    opening_deducted = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    remote_filed = models.BooleanField(default=False)


class Cumulative(models.Model):
    """What counts towards deductible, tiers and cap in one calendar year."""

    coverage = models.ForeignKey(Coverage, models.CASCADE, related_name="cumulatives")
    year = models.PositiveSmallIntegerField()
    deducted = models.DecimalField(max_digits=DIGITS, decimal_places=2)
    eligible = models.DecimalField(max_digits=DIGITS, decimal_places=2, default=0)
    fund_paid = models.DecimalField(max_digits=DIGITS, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("coverage", "year", name="one_cumulative_a_year")]


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
    """A settlement (sign 1) or the negative record that takes one back (sign -1)."""

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


class Manners(models.Model):
    """How this insurer answers where provinces differ; one row."""

    repeated_msgid = models.CharField(max_length=10, default="replay")  # or "refuse"
    amounts = models.CharField(max_length=10, default="text")  # or "number"
