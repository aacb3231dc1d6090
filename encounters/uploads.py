"""Files from patients: what they are is decided by their content, and only what is clean is kept."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import puremagic
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from kernel.errors import DomainError

MAX_BYTES = 10 * 1024 * 1024
"""10 MB a file; ours: a phone's photograph is smaller."""
MAX_FILES = 9
"""Files of one encounter; ours: what fits on a phone's screen."""
MAX_PIXELS = 40_000_000
"""More than any phone's photograph of a page needs; protects the memory of the server."""
_JPEG_QUALITY = 88
_PICTURES = {"image/jpeg": ("JPEG", "jpg"), "image/png": ("PNG", "png")}
_MAX_OBJECTS = 200_000
_FORBIDDEN_KEYS = frozenset(
    {"/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/RichMedia", "/XFA"}
)
_FORBIDDEN_VALUES = frozenset(
    {"/JavaScript", "/Launch", "/EmbeddedFile", "/RichMedia", "/SubmitForm", "/ImportData", "/GoToE"}
)


class UploadRefused(DomainError):
    """A file that is not taken; said beside the field ``files``."""

    code = "upload_refused"
    default_message = gettext_lazy("This file cannot be taken.")

    def __init__(self, message: str | Promise) -> None:
        """The sentence for the person."""
        super().__init__(message, field="files")


class Upload(Protocol):
    """What arrives from a form, e.g. Django's ``UploadedFile``."""

    @property
    def name(self) -> str | None:
        """As the sender calls it; not to be trusted."""
        ...

    @property
    def size(self) -> int | None:
        """Bytes."""
        ...

    def read(self, num_bytes: int = ..., /) -> bytes:
        """The next bytes."""
        ...


@dataclass(frozen=True, slots=True)
class CleanFile:
    """What is kept of an upload."""

    content: bytes
    content_type: str
    extension: str
    sha256: str
    """64 hex digits of the content kept."""


def accept(upload: Upload) -> CleanFile:
    """Look into a file and make of it what may be kept.

    Pictures are turned upright and written anew, so that nothing but the pixels remains (no EXIF, no
    place). PDF stays as it is when it only shows pages.

    Raises:
        UploadRefused: empty, too large, neither PDF nor JPEG nor PNG, damaged, locked or with active content.
    """
    content = _read(upload)
    kind = _kind_of(content)
    if kind == "application/pdf":
        _check_pdf(content)
        return _clean(content, kind, "pdf")
    return _picture(content, kind)


def accept_picture(upload: Upload) -> CleanFile:
    """As ``accept``, but pictures only, e.g. in a conversation.

    Raises:
        UploadRefused: it is not a clean picture.
    """
    content = _read(upload)
    kind = _kind_of(content)
    if kind == "application/pdf":
        raise UploadRefused(gettext_lazy("Here only pictures are taken: JPEG or PNG."))
    return _picture(content, kind)


def _picture(content: bytes, kind: str) -> CleanFile:
    form, extension = _PICTURES[kind]
    return _clean(_rewritten(content, form), kind, extension)


def _clean(content: bytes, content_type: str, extension: str) -> CleanFile:
    return CleanFile(content, content_type, extension, hashlib.sha256(content).hexdigest())


def _read(upload: Upload) -> bytes:
    """The bytes; one more than allowed is read at most, whatever size was claimed."""
    content = b"" if (upload.size or 0) > MAX_BYTES else upload.read(MAX_BYTES + 1)
    if (upload.size or 0) > MAX_BYTES or len(content) > MAX_BYTES:
        text = _("This file is larger than %(size)d MB. Please take a smaller picture.")
        raise UploadRefused(text % {"size": MAX_BYTES // 1024 // 1024})
    if not content:
        raise UploadRefused(gettext_lazy("This file is empty."))
    return content


def _kind_of(content: bytes) -> str:
    """What the first bytes say; neither name nor claimed type counts."""
    try:
        kinds = {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        kinds = set()
    for kind, mark in (
        ("application/pdf", b"%PDF-"),
        ("image/jpeg", b"\xff\xd8\xff"),
        ("image/png", b"\x89PNG\r\n\x1a\n"),
    ):
        if kind in kinds and content.startswith(mark):
            return kind
    raise UploadRefused(gettext_lazy("This is no PDF, JPEG or PNG. Please take a photograph of the paper."))


def _rewritten(content: bytes, form: str) -> bytes:
    """The pixels alone, upright."""
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                text = _("This picture has more than %(count)d million pixels. Please make it smaller.")
                raise UploadRefused(text % {"count": MAX_PIXELS // 1_000_000})
            upright = ImageOps.exif_transpose(picture)
            kept = _pixels(upright, form)
    except Image.DecompressionBombError as error:
        raise UploadRefused(gettext_lazy("This picture is too large. Please make it smaller.")) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UploadRefused(gettext_lazy("This picture is damaged. Please take it again.")) from error
    written = io.BytesIO()
    kept.save(written, form, **({"quality": _JPEG_QUALITY} if form == "JPEG" else {"optimize": False}))
    return written.getvalue()


def _pixels(picture: Image.Image, form: str) -> Image.Image:
    """A new picture that took over the pixels and nothing else."""
    has_alpha = form == "PNG" and ("A" in picture.getbands() or "transparency" in picture.info)
    mode = "RGBA" if has_alpha else "L" if picture.mode in {"1", "L"} else "RGB"
    shown = picture.convert(mode)
    bare = Image.new(mode, shown.size)
    bare.paste(shown)
    return bare


def _check_pdf(content: bytes) -> None:
    """Refuse what cannot be opened or does more than show pages."""
    try:
        reader = PdfReader(io.BytesIO(content))
        is_locked = reader.is_encrypted
        pages = 0 if is_locked else len(reader.pages)
        acts = not is_locked and _does_something(reader)
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OSError,
    ) as error:
        raise UploadRefused(gettext_lazy("This PDF is damaged. Please save it again.")) from error
    if is_locked:
        raise UploadRefused(gettext_lazy("This PDF is locked with a password. Please save it without one."))
    if not pages:
        raise UploadRefused(gettext_lazy("This PDF has no pages."))
    if acts:
        raise UploadRefused(
            gettext_lazy("This PDF holds a programme or another file. Please print it into a new PDF.")
        )


def _does_something(reader: PdfReader) -> bool:
    """Whether any object reachable from the trailer is active content; cycles are walked once."""
    waiting: list[Any] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    for _count in range(_MAX_OBJECTS):
        if not waiting:
            return False
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            key = (thing.idnum, thing.generation)
            if key not in seen:
                seen.add(key)
                waiting.append(thing.get_object())
        elif isinstance(thing, DictionaryObject):
            if _is_active(thing):
                return True
            waiting.extend(_raw(thing.values()))
        elif isinstance(thing, ArrayObject):
            waiting.extend(_raw(thing))
    return True


def _is_active(thing: DictionaryObject) -> bool:
    named = {str(dict.get(thing, key)) for key in ("/S", "/Type", "/Subtype")}
    return not _FORBIDDEN_KEYS.isdisjoint(thing) or not _FORBIDDEN_VALUES.isdisjoint(named)


def _raw(things: Iterable[Any]) -> list[Any]:
    """Those that can hold others."""
    return [thing for thing in things if isinstance(thing, IndirectObject | DictionaryObject | ArrayObject)]
