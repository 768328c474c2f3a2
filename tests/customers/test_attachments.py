"""Attachments: what is kept, how it goes out, and who may have it."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from customers.models import Attachment, Customer
from customers.policies import uploads
from customers.services import attachments
from herotill import pictures
from herotill.errors import DomainError
from tests.factories import make_customer, make_person

SEES = ("customers.view_customer", "customers.view_attachment")


def client_of(name: str, *rights: str) -> Client:
    client = Client()
    client.force_login(make_person(name, *rights))
    return client


def photo(form: str = "JPEG", **extra: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, form, **extra)
    return out.getvalue()


def archive(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


@pytest.fixture
def alice(db: None) -> Customer:
    return make_customer("Alice Liddel", "ALI001")


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("mandate.pdf", b"%PDF-1.4 ...", "application/pdf"),
        ("mandate.PDF", b"%PDF-1.4 ...", "application/pdf"),
        ("mandate.pdf", b"<html><script>alert(1)</script>", None),
        ("roof.png", b"%PDF-1.4 ...", None),
        ("roof.jpg", b"\xff\xd8\xff...", "image/jpeg"),
        ("page.html", b"<html>", None),
        ("drawing.svg", b"<svg xmlns=...>", None),
        ("notes.txt", b"Just text", "text/plain"),
        ("notes.txt", b" <!DOCTYPE html><p>", None),
        ("notes.csv", b"a\x00b", None),
        ("empty.txt", b"", None),
        ("letter.docx", archive("[Content_Types].xml", "word/document.xml"), uploads._ARCHIVES[".docx"][0]),
        ("letter.docx", archive("word/document.xml", "word/vbaProject.bin"), None),
        ("letter.docx", archive("index.html"), None),
        ("letter.docx", b"PK\x03\x04 broken", None),
        ("tool.exe", b"MZ...", None),
        ("noending", b"%PDF-1.4", None),
    ],
)
def test_s22_a_file_is_known_by_content_and_name_together(
    name: str, content: bytes, kept: str | None
) -> None:
    assert uploads.content_type(name=name, content=content) == kept


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\AOD letter.pdf", "AOD letter.pdf"),
        ('a"\r\nSet-Cookie: x.pdf', "a___Set-Cookie_ x.pdf"),
        ("..", "file"),
        (f"{'n' * 300}.pdf", f"{'n' * 176}.pdf"),
        (f"{'漢' * 300}.pdf", f"{'漢' * 58}.pdf"),
    ],
)
def test_a_name_is_cleaned_of_what_a_header_or_disk_stumbles_over(given: str, clean: str) -> None:
    assert uploads.clean_name(given) == clean


def test_s22_a_picture_is_drawn_anew_and_what_hides_in_it_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at 12 Rabbit Lane"
    hiding = photo(exif=exif.tobytes()) + b"<script>alert(1)</script>"

    drawn = pictures.drawn_anew(hiding, "image/jpeg")

    assert drawn is not None
    assert b"Rabbit Lane" not in drawn
    assert b"<script>" not in drawn
    assert Image.open(BytesIO(drawn)).size == (40, 30)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_pictures_of_each_kind_come_through(form: str) -> None:
    assert pictures.drawn_anew(photo(form), f"image/{form.lower()}") is not None


def test_a_broken_or_too_large_picture_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pictures.drawn_anew(photo()[:60], "image/jpeg") is None
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    assert pictures.drawn_anew(photo(), "image/jpeg") is None


def test_a_file_is_attached_downloaded_as_it_came_and_never_shown_inline(alice: Customer) -> None:
    sam = client_of("Sam", *SEES, "customers.add_attachment")

    answer = sam.post(
        "/customers/ALI001/widgets/attachments/add/",
        {
            "file": SimpleUploadedFile("mandate.pdf", b"%PDF-1.4 signed"),
            "kind": "debit_order",
            "note": "At the desk",
        },
        headers={"HX-Request": "true"},
    )
    kept = Attachment.objects.get()
    card = sam.get("/customers/ALI001/widgets/attachments/").content.decode()
    download = sam.get(f"/customers/ALI001/attachments/{kept.pk}/")

    assert answer.status_code == 204
    assert "mandate.pdf" in card
    assert "Debit-order details" in card
    assert b"".join(download.streaming_content) == b"%PDF-1.4 signed"
    assert download.headers["Content-Disposition"] == 'attachment; filename="mandate.pdf"'
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in download.headers["Content-Security-Policy"]


def test_s22_nobody_else_on_the_machine_reads_a_kept_file(alice: Customer) -> None:
    kept = attachments.add(
        customer=alice, upload=SimpleUploadedFile("id.pdf", b"%PDF-1.4"), kind="other", note="", actor=None
    )
    path = Path(kept.file.path)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_same_file_twice_and_a_file_too_large_are_refused_in_words(alice: Customer, settings) -> None:
    person = make_person("Sam")
    upload = SimpleUploadedFile("a.txt", b"agreed")
    attachments.add(customer=alice, upload=upload, kind="other", note="", actor=person)

    with pytest.raises(DomainError, match="attached to the customer already"):
        attachments.add(
            customer=alice, upload=SimpleUploadedFile("b.txt", b"agreed"), kind="other", note="", actor=person
        )
    settings.MAX_UPLOAD_SIZE = 3
    with pytest.raises(DomainError, match="larger than"):
        attachments.add(
            customer=alice, upload=SimpleUploadedFile("c.txt", b"four"), kind="other", note="", actor=person
        )


def test_access_is_asked_on_each_download_and_another_customers_file_is_not_found(alice: Customer) -> None:
    bob = make_customer("Bob Owes", "BOB001")
    kept = attachments.add(
        customer=alice,
        upload=SimpleUploadedFile("a.txt", b"x"),
        kind="other",
        note="",
        actor=make_person("Ada"),
    )

    assert (
        client_of("Dora", "customers.view_customer")
        .get(f"/customers/ALI001/attachments/{kept.pk}/")
        .status_code
        == 403
    )
    assert client_of("Sam", *SEES).get(f"/customers/{bob.code}/attachments/{kept.pk}/").status_code == 404
    assert Client().get(f"/customers/ALI001/attachments/{kept.pk}/").status_code == 302


def test_deleting_takes_the_bytes_away_once_it_is_certain(
    alice: Customer, django_capture_on_commit_callbacks
) -> None:
    person = make_person("Sam")
    kept = attachments.add(
        customer=alice, upload=SimpleUploadedFile("a.txt", b"x"), kind="other", note="", actor=person
    )
    storage, name = kept.file.storage, kept.file.name

    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(attachment=kept, actor=person)
        assert storage.exists(name)
    assert not storage.exists(name)
