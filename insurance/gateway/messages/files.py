"""9101 bring a file, 9102 fetch one."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from insurance.gateway.messages.wire import (
    ReplyInconsistent,
    RequestUnfit,
    Wire,
    decode,
    encode_nodes,
    moment,
    text,
)

MOST_BYTES = 40_000_000


def _content(name: str) -> Wire:
    """Bytes, on the wire Base64 (how bytes lie in JSON is not told by any source; this is usual)."""

    def write(value: bytes) -> str:
        if not 1 <= len(value) <= MOST_BYTES:
            raise RequestUnfit(f"{name}: 1 to {MOST_BYTES} bytes are needed, {len(value)} given")
        return base64.b64encode(value).decode()

    return Wire(name, write, lambda value: base64.b64decode(value, validate=True))


@dataclass(frozen=True, kw_only=True)
class UploadFile:
    """9101. ``institution_code`` is the sender's own."""

    content: Annotated[bytes, _content("in")]
    filename: Annotated[str, text("filename", 200)]
    institution_code: Annotated[str, text("fixmedins_code", 30)]


@dataclass(frozen=True, kw_only=True)
class FileReply:
    """The number by which 3202 and 9102 speak of a file."""

    file_number: Annotated[str, text("file_qury_no", 30)]
    filename: Annotated[str, text("filename", 200)]
    fetch_until: Annotated[datetime | None, moment("dld_endtime")] = None


@dataclass(frozen=True, kw_only=True)
class DownloadFile:
    """9102."""

    file_number: Annotated[str, text("file_qury_no", 30)]
    filename: Annotated[str, text("filename", 200)]
    institution_code: Annotated[str, text("fixmedins_code", 30)]


@dataclass(frozen=True, kw_only=True)
class FileContent:
    """The bytes of a file as they came."""

    content: bytes


def encode_upload(request: UploadFile) -> dict[str, object]:
    """Write the input of 9101."""
    return encode_nodes(fsUploadIn=request)


def encode_download(request: DownloadFile) -> dict[str, object]:
    """Write the input of 9102."""
    return encode_nodes(fsDownloadIn=request)


def decode_upload(request: UploadFile, output: Mapping[str, object]) -> FileReply:
    """Read the reply of 9101, in a node of its own or bare.

    Raises:
        ReplyInconsistent: it is about another file, or cannot be read.
    """
    reply = decode(FileReply, output.get("fsUploadOut") or output)
    if reply.filename != request.filename:
        raise ReplyInconsistent("filename is another file's")
    return reply


def decode_download(request: DownloadFile, content: bytes) -> FileContent:
    """Take the bytes that 9102 answered with.

    Raises:
        ReplyInconsistent: there are none.
    """
    if not content:
        raise ReplyInconsistent("the file is empty")
    return FileContent(content=content)
