"""Who we are: typed by Mia, looked at by everybody, with a logo that carries nothing else."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from herotill.demo import DemoOrder
from herotill.reference.demo import make_company_and_products
from herotill.reference.models import Company, Price, Product
from herotill.reference.policies.logos import logo_of
from herotill.reference.selectors.vat import lacks_vat_number
from tests.factories import client_of, make_person
from tests.factories.people import in_role

TYPED = {
    "name": "Koppie Internet (Pty) Ltd",
    "city": "Paarl",
    "postal_code": "7646",
    "website": "https://isp.example",
    "accent": "#0b5cad",
}


def picture(size: tuple[int, int] = (1200, 200), form: str = "PNG") -> bytes:
    out, note = BytesIO(), PngInfo()
    note.add_text("Comment", "taken at home")
    Image.new("RGBA" if form == "PNG" else "RGB", size).save(
        out, form, **({"pnginfo": note} if form == "PNG" else {})
    )
    return out.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_anew_and_small(form):
    drawn = logo_of(picture(form=form))

    assert drawn is not None
    assert b"taken at home" not in drawn
    with Image.open(BytesIO(drawn)) as shown:
        assert (shown.format, shown.size) == ("PNG", (600, 100))


@pytest.mark.parametrize("content", [b"", b"<svg onload='x'/>", b"GIF89a", b"\x89PNG broken"])
def test_what_is_no_picture_is_no_logo(content):
    assert logo_of(content) is None


@pytest.mark.django_db
def test_mia_says_who_we_are_and_everybody_sees_it():
    mia = client_of(in_role("Mia", "manager"))
    logo = SimpleUploadedFile("logo.png", picture(), "image/png")

    assert mia.post("/setup/company/", TYPED | {"logo": logo}).status_code == 302
    company = Company.objects.get()
    assert (company.called, company.address) == ("Koppie Internet (Pty) Ltd", ["Paarl 7646"])
    dora = client_of(make_person("Dora", "reference.view_company"))
    page = dora.get("/setup/company/").content.decode()
    assert "Koppie Internet" in page
    assert "Save company" not in page
    shown = dora.get("/setup/company/logo/")
    assert (shown.headers["Content-Type"], shown.content[:4]) == ("image/png", b"\x89PNG")
    assert mia.post("/setup/company/", TYPED | {"no_logo": "on"}).status_code == 302
    assert dora.get("/setup/company/logo/").status_code == 404


@pytest.mark.django_db
def test_what_is_wrong_comes_back_as_typed_and_nothing_changes():
    mia, file = client_of(in_role("Mia", "manager")), SimpleUploadedFile("logo.png", b"<script>", "image/png")
    wrong = TYPED | {"small_print": "{{ x }}<img src=http://y>", "logo": file}

    refused = mia.post("/setup/company/", wrong)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "no PNG, JPEG or WebP picture" in page
    assert "{{ x }}&lt;img src=http://y&gt;" in page
    assert Company.objects.get().name == ""
    mia.post("/setup/company/", TYPED | {"website": "javascript:alert(1)"})
    assert Company.objects.get().website == ""


@pytest.mark.django_db
def test_dora_changes_nothing_of_the_company():
    dora = client_of(make_person("Dora", "reference.view_company"))

    dora.post("/setup/company/", TYPED)
    assert Company.objects.get().name == ""
    assert client_of(make_person("Eve")).get("/setup/company/").status_code == 403


@pytest.mark.django_db
def test_the_demo_has_a_company_and_products_however_often_it_is_made():
    from datetime import date

    for _ in range(2):
        make_company_and_products(DemoOrder(10, 12, 1, date(2026, 11, 22), print))
    assert (Company.objects.get().trading_name, lacks_vat_number()) == ("Koppie Internet", False)
    assert Product.objects.count() == 13
    assert Price.objects.count() == 29
