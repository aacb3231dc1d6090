"""What the insurer keeps besides visits and settlements: undone messages, files, findings, care and drug records."""

# ruff: noqa: DJ008 (no row is ever printed: the control page names the columns it shows)

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class UndoneMessage(models.Model):
    """A message that 2601 has undone; ``held`` is what it had made, empty when it never arrived."""

    omsgid = models.CharField(max_length=30, unique=True)
    oinfno = models.CharField(max_length=6)
    institution = models.CharField(max_length=12)
    undone_at = models.DateTimeField()
    held = models.JSONField(default=dict, encoder=DjangoJSONEncoder)


class StoredFile(models.Model):
    """A file brought by 9101 or made by 3202, fetched by 9102 until ``kept_until``."""

    file_qury_no = models.CharField(max_length=30, unique=True)
    institution = models.CharField(max_length=12)
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    kept_until = models.DateTimeField()


class Finding(models.Model):
    """A remark of 3101 or 3102 on what was to be prescribed or charged, and how the hospital dealt with it (3103)."""

    jr_id = models.CharField(max_length=50, unique=True)
    infno = models.CharField(max_length=6)
    institution = models.CharField(max_length=12)
    rule_id = models.CharField(max_length=50)
    psn_no = models.CharField(max_length=50)
    mdtrt_id = models.CharField(max_length=50)
    found_at = models.DateTimeField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    dspo_way = models.CharField(max_length=3, blank=True)
    dspo_way_rea = models.CharField(max_length=500, blank=True)
    handled_at = models.DateTimeField(null=True)


class CareRecord(models.Model):
    """4301: the clinical record of one outpatient visit; a later report replaces an earlier one."""

    visit = models.OneToOneField("insurer.Visit", models.CASCADE, related_name="care_record")
    content = models.JSONField(encoder=DjangoJSONEncoder)
    reported_at = models.DateTimeField()


class DrugMovement(models.Model):
    """3505 a sale or 3506 a return of a drug. ``number`` is the hospital's own (rtal_docno)."""

    infno = models.CharField(max_length=6)
    institution = models.CharField(max_length=12)
    number = models.CharField(max_length=40)
    med_list_codg = models.CharField(max_length=50)
    psn_no = models.CharField(max_length=30, blank=True)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    moved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["institution", "infno", "number", "med_list_codg"],
                name="one_drug_movement_for_a_number",
            )
        ]


class TraceCode(models.Model):
    """A package by its traceability code; ``sale`` is the sale it is out with, empty after its return."""

    code = models.CharField(max_length=40, unique=True)
    sale = models.ForeignKey(DrugMovement, models.SET_NULL, null=True, related_name="trace_codes")


KEPT = (UndoneMessage, StoredFile, Finding, CareRecord, TraceCode, DrugMovement)
