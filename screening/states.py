"""States of what the insurance office does with audit rules."""

from enum import StrEnum

from kernel.workflow import Workflow


class ImportState(StrEnum):
    """A file of knowledge points on its way into a rule."""

    UPLOADED = "uploaded"
    READ = "read"
    FAULTY = "faulty"
    TAKEN = "taken"


class ImportEvent(StrEnum):
    """What happens to it."""

    READ_WELL = "read_well"
    FIND_FAULTS = "find_faults"
    TAKE = "take"


KNOWLEDGE_IMPORT = Workflow(
    "KnowledgeImport",
    {
        (ImportState.UPLOADED, ImportEvent.READ_WELL): ImportState.READ,
        (ImportState.UPLOADED, ImportEvent.FIND_FAULTS): ImportState.FAULTY,
        (ImportState.READ, ImportEvent.TAKE): ImportState.TAKEN,
    },
)


class ChangeState(StrEnum):
    """A wish to set a rule in another way."""

    PROPOSED = "proposed"
    CARRIED_OUT = "carried_out"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ChangeEvent(StrEnum):
    """What becomes of it."""

    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


RULE_CHANGE = Workflow(
    "RuleChange",
    {
        (ChangeState.PROPOSED, ChangeEvent.APPROVE): ChangeState.CARRIED_OUT,
        (ChangeState.PROPOSED, ChangeEvent.REFUSE): ChangeState.REFUSED,
        (ChangeState.PROPOSED, ChangeEvent.WITHDRAW): ChangeState.WITHDRAWN,
    },
)
