"""Changes to a channel's bill of a day, so that it differs from what the merchant holds."""

from django.db import models


class BillChangeBase(models.Model):
    """One change; a channel adds the ``amount`` in its own unit."""

    FORGET, AMOUNT, STRANGER, FEE = "forget", "amount", "stranger", "fee"

    KINDS = ((FORGET, "漏记"), (AMOUNT, "金额不同"), (STRANGER, "多记"), (FEE, "手续费"))

    kind = models.CharField(max_length=10, choices=KINDS)
    number = models.CharField(max_length=64, unique=True, help_text="the merchant's, of a payment or refund")
    day = models.DateField(help_text="of a stranger: the day whose bill names it")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
