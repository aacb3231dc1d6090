"""What the e-voucher middle platform keeps."""

# ruff: noqa: DJ008 (no row is ever printed: the control page names the columns it shows)

from django.db import models


class Permission(models.Model):
    """One authorisation: asked for by a hospital, answered by a person on her phone."""

    auth_no = models.CharField(max_length=64, unique=True)
    out_biz_no = models.CharField(max_length=64, unique=True)
    org_id = models.CharField(max_length=40)
    business_type = models.CharField(max_length=5)
    asked_id_number = models.CharField(max_length=18, blank=True)
    way = models.CharField(max_length=10, default="face")
    is_family = models.BooleanField(default=False)
    return_url = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    answer = models.CharField(max_length=10, blank=True)  # allow, refuse; empty while nobody has answered
    id_number = models.CharField(max_length=18, blank=True)  # of the person who has answered
    pay_auth_no = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)


class Misbehaviour(models.Model):
    """A fault ordered for the next calls."""

    kind = models.CharField(max_length=20)
    remaining = models.PositiveIntegerField(default=1)
