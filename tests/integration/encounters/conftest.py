"""A patient with an open encounter, and files that vanish after the test."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from encounters import operations
from encounters.models import ConsentDocument, DiagnosisCode, Encounter, FirstVisitProof
from tests.factories.encounters import (
    AT,
    ConsentDocumentFactory,
    DiagnosisCodeFactory,
    EncounterFactory,
    picture,
    upload,
)
from tests.factories.registry import GuardianshipFactory, PatientFactory


@dataclass(frozen=True)
class Case:
    """An encounter with the people and the disease in it."""

    encounter: Encounter
    user: User
    disease: DiagnosisCode

    @property
    def doctor(self) -> User:
        user = self.encounter.practitioner.user
        assert user is not None
        return user

    def _by(self, fields: dict[str, Any], **who: Any) -> dict[str, Any]:
        return {"by": self.user, "at": AT} | who | fields

    def describe(self, **fields: Any) -> Encounter:
        said: dict[str, Any] = {
            "complaint": "血压平稳，来续药",
            "allergies": "无",
            "current_medicines": "氨氯地平",
            "disease_id": self.disease.pk,
        }
        return operations.describe(encounter_id=self.encounter.pk, **self._by(said | fields))

    def add_file(self, content: bytes | None = None, **fields: Any) -> Any:
        return operations.add_proof_file(
            encounter_id=self.encounter.pk,
            upload=upload(picture() if content is None else content),
            **self._by(fields),
        )

    def state(self, **fields: Any) -> FirstVisitProof:
        stated: dict[str, Any] = {
            "kind": "outpatient_record",
            "diagnosed_on": AT.date() - timedelta(days=60),
            "hospital_name": "演示市第二人民医院",
        }
        return operations.state_proof(
            encounter_id=self.encounter.pk, **(stated | {"by": self.user, "at": AT} | fields)
        )

    def consent(self, document: ConsentDocument, **fields: Any) -> Any:
        signed: dict[str, Any] = {
            "signed_name": "张秀英",
            "language": "zh-hans",
            "ip_address": "127.0.0.1",
            "document_id": document.pk,
        }
        return operations.sign_consent(
            encounter_id=self.encounter.pk, **(signed | {"by": self.user, "at": AT} | fields)
        )

    def write(self, **fields: Any) -> Any:
        written: dict[str, Any] = {
            "chief_complaint": "血压升高 6 年，复诊续方。", "present_illness": "规律服药，血压 134/82 mmHg。",
            "plan": "继续原方案。", "diagnosis_ids": [self.disease.pk],
        }  # fmt: skip
        self.begin()
        return operations.save_record(
            encounter_id=self.encounter.pk, **(written | {"by": self.doctor, "at": AT} | fields)
        )

    def begin(self) -> None:
        """The doctor has called the patient."""
        type(self.encounter).objects.filter(pk=self.encounter.pk, begun_at=None).update(begun_at=AT)

    def sign(self, **fields: Any) -> Any:
        self.begin()
        return operations.sign_record(encounter_id=self.encounter.pk, **self._by(fields, by=self.doctor))


@pytest.fixture
def case(db: None) -> Case:
    right = GuardianshipFactory(patient=PatientFactory(name="张秀英"))
    return Case(EncounterFactory(patient=right.patient), right.user, DiagnosisCodeFactory())


@pytest.fixture
def document(db: None) -> ConsentDocument:
    row: ConsentDocument = ConsentDocumentFactory()
    return row


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


__all__ = ["Case", "case", "document"]
