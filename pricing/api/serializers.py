"""The published price as JSON; amounts are text, money is never a float."""

from typing import Any

from rest_framework import serializers


class DocumentSerializer(serializers.Serializer[Any]):
    """The document that makes the price law."""

    number = serializers.CharField(source="document_number")
    title = serializers.CharField(source="document_title")
    title_en = serializers.CharField(source="document_title_en")
    issuer = serializers.CharField(source="document_issuer")
    evidence_grade = serializers.CharField()


class PublishedPriceSerializer(serializers.Serializer[Any]):
    """One item, its amount in yuan on the day asked for, and the document.

    ``amount`` is null where the price is no plain amount; ``/prices/export.json`` says such prices in full.
    """

    code = serializers.CharField(source="item.code")
    name = serializers.CharField(source="item.name")
    name_en = serializers.CharField(source="item.name_en")
    unit = serializers.CharField(source="item.unit")
    title = serializers.CharField(source="price.title", allow_null=True)
    kind = serializers.CharField(source="price.kind.value")
    amount = serializers.DecimalField(
        source="price.amount", max_digits=16, decimal_places=6, coerce_to_string=True, allow_null=True
    )
    insurance_class = serializers.CharField(source="price.insurance_class")
    document = DocumentSerializer(source="price")
