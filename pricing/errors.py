"""What the life of a revision refuses."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class RevisionRefused(DomainError):
    """The rows cannot become law so; ``field`` of each violation is the position of its row and the column."""

    code = "revision_refused"
    default_message = _("The prices cannot be published so.")


class RowRefused(DomainError):
    """The row does not say what it has to; ``field`` of each violation is the column."""

    code = "row_refused"
    default_message = _("The row is not complete.")


class ImportNotReady(DomainError):
    """The file has faults, or was not read yet; nothing was taken."""

    code = "import_not_ready"
    default_message = _("Nothing was taken: the file has faults or is not read yet.")


class DocumentUnknown(DomainError):
    """There is no tariff document with this number."""

    code = "document_unknown"
    default_message = _("There is no such document.")
