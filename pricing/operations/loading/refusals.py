"""Why a file is not loaded."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class TariffRefused(DomainError):
    """A tariff file does not fit what is already known; nothing was changed."""

    code = "tariff_refused"
    default_message = _("The tariff file does not fit what is already known.")


class TariffDocumentChanged(TariffRefused):
    """A file says something else than was loaded under the same document number."""

    code = "tariff_document_changed"
