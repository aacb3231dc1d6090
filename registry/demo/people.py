"""The patients of the demonstration. Invented people; the check characters are right, the numbers nobody's."""

from dataclasses import dataclass

from registry.models.patients import InsuranceType, InsuredRegion, Relation


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A patient; ``mobile`` empty means that somebody else acts for her (``acted_for_by``: a mobile number)."""

    name: str
    id_number: str
    insurance_type: InsuranceType
    insured_region: InsuredRegion
    mobile: str = ""
    acted_for_by: str = ""
    relation: Relation = Relation.SELF


PEOPLE = (
    PersonFacts(
        "张秀英", "330106195603089829", InsuranceType.EMPLOYEE, InsuredRegion.HANGZHOU, mobile="13800000001"
    ),
    PersonFacts(
        "张建国", "330106195306159712", InsuranceType.RESIDENT, InsuredRegion.HANGZHOU, mobile="13800000002"
    ),
    PersonFacts(
        "王海燕", "330106197905209848", InsuranceType.EMPLOYEE, InsuredRegion.HANGZHOU, mobile="13800000003"
    ),
    PersonFacts(
        "李小明",
        "330106201809019939",
        InsuranceType.RESIDENT,
        InsuredRegion.HANGZHOU,
        acted_for_by="13800000003",
        relation=Relation.CHILD,
    ),
    PersonFacts(
        "赵志强", "330106197011129750", InsuranceType.EMPLOYEE, InsuredRegion.HANGZHOU, mobile="13800000004"
    ),
    PersonFacts(
        "陈静", "330106198810219861", InsuranceType.EMPLOYEE, InsuredRegion.BEIJING, mobile="13800000005"
    ),
)
