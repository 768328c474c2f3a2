"""Photos of sites: drawn anew, kept small, shown to those who may see them."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from herotill.errors import DomainError
from tests.factories.people import client_of, in_role, make_person
from tests.factories.workflow import make_lead
from workflow.models import Photo, Survey
from workflow.policies import photos as policy
from workflow.services import photos

pytestmark = pytest.mark.django_db


def picture(form: str = "JPEG", size: tuple[int, int] = (3000, 1000)) -> bytes:
    """A picture with a place and a camera written into it."""
    exif = Image.Exif()
    exif[0x010F] = "Spy camera"
    exif.get_ifd(0x8825)[2] = (33.0, 48.0, 7.0)
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, form, exif=exif)
    return out.getvalue()


def upload(content: bytes, name: str = "IMG_1.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def content_of(photo: Photo) -> bytes:
    with photo.file.open("rb") as file:
        found: bytes = file.read()
    return found


def survey() -> Survey:
    return Survey.objects.create(lead=make_lead(), technician=in_role("Thabo", "technician"))


def test_s22_a_photo_is_drawn_anew_and_tells_nothing_of_place_and_camera() -> None:
    site = survey()
    kept = photos.add(survey=site, upload=upload(picture()), actor=site.technician)
    content = content_of(kept)
    assert b"Spy camera" not in content
    with Image.open(BytesIO(content)) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (policy.EDGE, 667))
        assert not drawn.getexif()


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_formats_are_kept_as_jpeg(form: str) -> None:
    site = survey()
    kept = photos.add(survey=site, upload=upload(picture(form), "a.bin"), actor=site.technician)
    assert content_of(kept).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff" + b"x" * 50, b"GIF89a" + b"0" * 40]
)
def test_what_is_no_photo_is_refused_in_words(content: bytes) -> None:
    site = survey()
    with pytest.raises(DomainError, match="cannot be read as a photo"):
        photos.add(survey=site, upload=upload(content), actor=site.technician)
    assert not Photo.objects.exists()


def test_a_photo_too_large_and_one_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    site = survey()
    monkeypatch.setattr(policy, "LARGEST", 10)
    with pytest.raises(DomainError, match="larger than"):
        photos.add(survey=site, upload=upload(picture()), actor=site.technician)
    monkeypatch.setattr(policy, "LARGEST", 10_000_000)
    monkeypatch.setattr(policy, "MOST", 1)
    photos.add(survey=site, upload=upload(picture()), actor=site.technician)
    with pytest.raises(DomainError, match="1 photos already"):
        photos.add(survey=site, upload=upload(picture(size=(20, 20))), actor=site.technician)


def test_the_very_same_picture_is_kept_once() -> None:
    site = survey()
    for _ in range(2):
        photos.add(survey=site, upload=upload(picture()), actor=site.technician)
    assert site.photos.count() == 1


def test_a_photo_is_shown_as_nothing_but_a_picture_and_to_nobody_else() -> None:
    site = survey()
    assert site.technician
    kept = photos.add(survey=site, upload=upload(picture()), actor=site.technician)
    url = reverse("workflow:photo", args=[kept.pk])
    for person in (site.technician, in_role("Sipho", "sales")):
        shown = client_of(person).get(url)
        assert shown.status_code == 200
        assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert shown["Content-Security-Policy"].startswith("sandbox")
        assert "no-store" in shown["Cache-Control"]
        assert b"".join(shown.streaming_content).startswith(b"\xff\xd8\xff")
    assert client_of(in_role("Zola", "technician")).get(url).status_code == 404
    assert client_of(make_person("Dora")).get(url).status_code == 403


def test_a_photo_is_deleted_with_the_right_and_its_file_goes(
    django_capture_on_commit_callbacks,
) -> None:
    site = survey()
    kept = photos.add(survey=site, upload=upload(picture()), actor=site.technician)
    url = reverse("workflow:photo-delete", args=[kept.pk])
    assert client_of(in_role("Sipho", "sales")).post(url).status_code == 403
    storage, name = kept.file.storage, str(kept.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of(in_role("Mary", "manager")).post(url).status_code == 302
    assert not Photo.objects.exists()
    assert not storage.exists(name)


def test_a_photo_is_added_to_a_survey_in_a_dialog() -> None:
    site = survey()
    desk = client_of(in_role("Sipho", "sales"))
    url = reverse("workflow:survey-photo", args=[site.lead_id])
    assert desk.post(url, {"photo": upload(b"nothing"), "caption": "Roof"}).status_code == 422
    assert desk.post(url, {"photo": upload(picture()), "caption": "Roof"}).status_code == 302
    assert site.photos.get().caption == "Roof"
