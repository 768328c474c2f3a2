"""VAT under Setup: rates announced and withdrawn, our own status and number."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from herotill.errors import DomainError
from herotill.reference.models import VatRate, VendorStatus
from herotill.reference.selectors.vat import lacks_vat_number, rates
from herotill.reference.services import vat
from tests.factories import client_of, make_person
from tests.factories.people import in_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia():
    return client_of(in_role("Mia", "manager"))


def test_mia_announces_a_rate_and_the_minister_takes_it_back(mia):
    soon = timezone.localdate() + timedelta(days=60)
    assert (
        mia.post("/setup/vat/rates/new/", {"starts_on": soon.isoformat(), "rate": "15.5"}).status_code == 302
    )
    assert rates().on(soon) == Decimal("15.50")

    announced = VatRate.objects.get(starts_on=soon)
    mia.post(f"/setup/vat/rates/{announced.pk}/withdraw/")
    assert rates().on(soon) == 15
    page = mia.get("/setup/vat/").content.decode()
    assert "<del>15.5 %</del>" in page
    assert "Withdrawn" in page


def test_a_rate_that_has_begun_is_neither_withdrawn_nor_preceded(mia):
    begun = VatRate.objects.get(starts_on=date(2018, 4, 1))

    said = mia.post(f"/setup/vat/rates/{begun.pk}/withdraw/", follow=True).content.decode()
    assert "has begun and stays as it is" in said
    refused = mia.post("/setup/vat/rates/new/", {"starts_on": "2017-01-01", "rate": "16"})
    assert (refused.status_code, "A later rate has begun" in refused.content.decode()) == (422, True)
    assert rates().on(date(2018, 4, 1)) == 15


def test_our_number_is_asked_for_and_one_that_does_not_check_is_doubted(mia):
    VendorStatus.objects.update(vat_number="")  # as it is in a new installation
    status = VendorStatus.objects.get()
    assert lacks_vat_number()
    assert "our VAT number is not known" in mia.get("/setup/vat/").content.decode()

    refused = mia.post(f"/setup/vat/status/{status.pk}/number/", {"vat_number": "12345"})
    assert refused.status_code == 422
    said = mia.post(f"/setup/vat/status/{status.pk}/number/", {"vat_number": "4000000001"}, follow=True)
    assert "Is it typed right?" in said.content.decode()
    said = mia.post(f"/setup/vat/status/{status.pk}/number/", {"vat_number": "4000000002"}, follow=True)
    status.refresh_from_db()
    assert (status.vat_number, lacks_vat_number()) == ("4000000002", False)


def test_s13_a_change_of_our_status_is_dated(mia):
    today = timezone.localdate()
    soon = (today + timedelta(days=30)).isoformat()
    unnumbered = mia.post("/setup/vat/status/", {"starts_on": soon, "is_vendor": "yes"})
    assert "A vendor has a VAT number." in unnumbered.content.decode()

    mia.post("/setup/vat/status/", {"starts_on": soon, "is_vendor": "no", "vat_number": "4123456784"})
    assert (rates().on(today), rates().on(date.fromisoformat(soon))) == (Decimal(15), Decimal(0))
    assert VendorStatus.objects.get(is_vendor=False).vat_number == ""


def test_what_was_charged_under_a_later_status_stands():
    def since(year: int, is_vendor: bool, number: str = "") -> VendorStatus:
        return vat.change_status(
            starts_on=date(year, 1, 1), is_vendor=is_vendor, vat_number=number, day=date(2026, 11, 22)
        )

    since(2010, False)
    since(2015, True, "4123456784")
    with pytest.raises(DomainError, match="A later status counts already"):
        since(2012, True, "4123456784")
    assert (rates().on(date(2014, 12, 31)), rates().on(date(2015, 1, 1))) == (Decimal(0), Decimal(14))


def test_thabo_in_accounts_looks_and_changes_nothing_and_dora_sees_nothing():
    thabo, dora = client_of(in_role("Thabo", "accounts")), client_of(make_person("Dora"))
    status = VendorStatus.objects.get()
    posts = ["rates/new/", f"rates/{VatRate.objects.all()[0].pk}/withdraw/", "status/"]
    posts.append(f"status/{status.pk}/number/")

    page = thabo.get("/setup/vat/")
    assert (page.status_code, "New rate" in page.content.decode()) == (200, False)
    assert [thabo.post(f"/setup/vat/{post}").status_code for post in posts] == [403] * 4
    assert dora.get("/setup/vat/").status_code == 403
