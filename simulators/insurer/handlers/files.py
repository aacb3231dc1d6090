"""9101 文件上传 and 9102 文件下载."""

import base64
import binascii
from datetime import timedelta
from typing import Any

from simulators.insurer.call import Call, Refusal, write_moment
from simulators.insurer.records import StoredFile

KEPT = timedelta(days=7)


def keep_file(call: Call) -> dict[str, Any]:
    """Keep a file; its content comes as Base64."""
    asked = call.input["fsUploadIn"]
    _refuse_another(call, asked)
    try:
        content = base64.b64decode(asked["in"], validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise Refusal("文件内容不是Base64") from wrong
    row = store(call, asked["filename"], content)
    return {"file_qury_no": row.file_qury_no, "filename": row.filename, "fixmedins_code": row.institution,
            "dld_endtime": write_moment(row.kept_until)}  # fmt: skip


def offer_file(call: Call) -> dict[str, Any]:
    """Say which file is to be sent; the door sends its bytes."""
    asked = call.input["fsDownloadIn"]
    _refuse_another(call, asked)
    row = stored(call, asked["file_qury_no"])
    if row.filename != asked["filename"]:
        raise Refusal("文件名与文件查询号不符")
    return {"file_qury_no": row.file_qury_no}


def file_content(output: Any) -> bytes:
    """The bytes that answer 9102."""
    return bytes(StoredFile.objects.get(file_qury_no=output["file_qury_no"]).content)


def store(call: Call, filename: str, content: bytes) -> StoredFile:
    """Keep bytes under a new number for some days."""
    return StoredFile.objects.create(
        file_qury_no=call.new_id(),
        institution=call.institution_code,
        filename=filename,
        content=content,
        kept_until=call.now + KEPT,
    )


def stored(call: Call, number: str) -> StoredFile:
    """Find a file of this hospital that has not ended."""
    row = StoredFile.objects.filter(file_qury_no=number, institution=call.institution_code).first()
    if row is None:
        raise Refusal(f"文件{number}不存在")
    if row.kept_until <= call.now:
        raise Refusal(f"文件{number}已过下载截止时间")
    return row


def _refuse_another(call: Call, asked: dict[str, Any]) -> None:
    if asked["fixmedins_code"] != call.institution_code:
        raise Refusal("fixmedins_code与报文不一致")
