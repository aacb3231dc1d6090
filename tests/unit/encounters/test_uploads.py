"""What patients send in is decided by its content; only what is clean is kept."""

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from encounters.uploads import MAX_BYTES, UploadRefused, accept, accept_picture
from tests.factories.encounters import pdf, picture, upload


def refusal(content: bytes, name: str = "病历.jpg") -> UploadRefused:
    with pytest.raises(UploadRefused) as refused:
        accept(upload(content, name))
    assert refused.value.field == "files"
    assert str(refused.value)
    return refused.value


@pytest.mark.parametrize(
    ("form", "kind", "extension"), [("JPEG", "image/jpeg", "jpg"), ("PNG", "image/png", "png")]
)
def test_a_picture_is_taken(form: str, kind: str, extension: str) -> None:
    clean = accept(upload(picture(form)))
    assert (clean.content_type, clean.extension) == (kind, extension)
    assert clean.sha256 == hashlib.sha256(clean.content).hexdigest()
    with Image.open(io.BytesIO(clean.content)) as kept:
        assert kept.size == (40, 20)


def test_neither_name_nor_claimed_type_counts() -> None:
    clean = accept(upload(picture("PNG"), "record.pdf", "application/pdf"))
    assert (clean.content_type, clean.extension) == ("image/png", "png")


def test_a_pdf_of_pages_is_kept_as_it_is() -> None:
    content = pdf()
    clean = accept(upload(content, "病历.pdf"))
    assert (clean.content, clean.content_type, clean.extension) == (content, "application/pdf", "pdf")


def test_a_programme_named_pdf_is_refused() -> None:
    refusal(
        b"MZ" + bytes(58) + b"\x80\x00\x00\x00" + b"This program cannot be run in DOS mode." + bytes(200),
        "病历.pdf",
    )


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(40),
        b"PK\x03\x04" + bytes(40),
    ],
)
def test_other_kinds_are_refused(content: bytes) -> None:
    refusal(content)


def test_an_empty_file_is_refused() -> None:
    refusal(b"")


def test_ten_megabytes_are_the_most() -> None:
    content = pdf()
    room = MAX_BYTES - len(content)
    assert accept(upload(content + b"\n" * room, "a.pdf")).extension == "pdf"
    refusal(content + b"\n" * (room + 1), "a.pdf")


def test_a_wrong_claim_of_size_does_not_help() -> None:
    sent = upload(pdf() + b"\n" * MAX_BYTES, "a.pdf")
    sent.size = 10
    with pytest.raises(UploadRefused):
        accept(sent)


def test_the_place_and_everything_the_camera_wrote_are_gone() -> None:
    exif = Image.Exif()
    exif[Base.Make] = "SECRETPHONE"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (30.0, 15.0, 10.0)
    content = picture(exif=exif)
    assert b"SECRETPHONE" in content
    clean = accept(upload(content))
    with Image.open(io.BytesIO(clean.content)) as kept:
        assert not kept.getexif()
        assert "exif" not in kept.info
    assert b"SECRETPHONE" not in clean.content


def test_text_in_a_png_is_gone() -> None:
    content = picture("PNG")
    text = b"Comment\x00SECRETPLACE"
    chunk = struct.pack(">I", len(text)) + b"tEXt" + text + struct.pack(">I", zlib.crc32(b"tEXt" + text))
    assert b"SECRETPLACE" not in accept(upload(content[:33] + chunk + content[33:])).content


def test_a_picture_lying_on_its_side_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = 6  # turn clockwise by 90 degrees to look at it
    with Image.open(io.BytesIO(accept(upload(picture(exif=exif))).content)) as kept:
        assert kept.size == (20, 40)
        red, _green, blue = kept.convert("RGB").getpixel((10, 2))  # type: ignore[misc]
        assert red > 200 > blue  # what was left is on top now


@pytest.mark.parametrize(("size", "is_taken"), [((8000, 5000), True), ((8001, 5000), False)])
def test_forty_million_pixels_are_the_most(size: tuple[int, int], is_taken: bool) -> None:
    content = picture("PNG", size, mode="1")
    if is_taken:
        assert accept(upload(content)).extension == "png"
    else:
        refusal(content)


def test_a_picture_that_claims_to_be_huge_is_not_unpacked() -> None:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    refusal(b"\x89PNG\r\n\x1a\n" + chunk + picture("PNG")[33:])


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_cut_off_is_refused(form: str) -> None:
    content = picture(form, (400, 400))
    refusal(content[: len(content) // 2])


def test_a_picture_with_a_page_behind_it_keeps_only_the_pixels() -> None:
    clean = accept(upload(picture() + b"<script>alert(1)</script>" + pdf()))
    assert clean.content_type == "image/jpeg"
    assert b"script" not in clean.content
    assert b"%PDF" not in clean.content


def test_a_pdf_with_a_picture_before_it_is_refused_or_a_picture() -> None:
    refusal(b"\xff\xd8\xff" + pdf(), "病历.pdf")


def test_a_pdf_with_a_script_is_refused() -> None:
    refusal(pdf(script="app.alert('x')"), "病历.pdf")


def test_a_pdf_with_a_file_in_it_is_refused() -> None:
    refusal(pdf(attachment=b"MZ"), "病历.pdf")


def test_a_locked_pdf_is_refused() -> None:
    refusal(pdf(password="secret"), "病历.pdf")


def test_a_damaged_pdf_is_refused() -> None:
    refusal(b"%PDF-1.7\nnothing follows", "病历.pdf")


def test_a_pdf_that_starts_a_programme_from_a_link_is_refused() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
    )
    link = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/A"): writer._add_object(action),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])
    written = io.BytesIO()
    writer.write(written)
    refusal(written.getvalue(), "病历.pdf")


def test_a_conversation_takes_pictures_only() -> None:
    assert accept_picture(upload(picture())).extension == "jpg"
    with pytest.raises(UploadRefused):
        accept_picture(upload(pdf(), "a.pdf"))
