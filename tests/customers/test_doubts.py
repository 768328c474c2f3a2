"""The database and Python agree on which numbers do not check, and a filter finds them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum import luhn

from customers.models import Contact, Customer
from customers.policies.doubts import doubts
from tests.factories import make_customer, make_person

pytestmark = pytest.mark.django_db


def checked(start: str) -> str:
    return start + luhn.calc_check_digit(start)


DIGITS = st.text("0123456789", min_size=1, max_size=14)
BIRTHDAY = st.builds("{:02d}{:02d}{:02d}".format, st.integers(0, 99), st.integers(0, 13), st.integers(0, 32))
IDENTITY = st.builds("{}{:04d}{}8".format, BIRTHDAY, st.integers(0, 9999), st.integers(0, 4)).map(checked)
PASSPORT = st.from_regex(r"[A-Za-z]{1,3}[0-9]{5,9}", fullmatch=True)
REGISTRATION = st.from_regex(r"(19|20|18)[0-9]{2}/[0-9]{6}/[0-9]{2}", fullmatch=True)
VAT = st.integers(0, 10**8 - 1).map(lambda number: checked(f"4{number:08d}"))
ANYTHING = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=15)
NUMBER = st.one_of(st.just(""), IDENTITY, PASSPORT, REGISTRATION, VAT, DIGITS, ANYTHING)
SPACED = st.builds(lambda number, place: f"{number[:place]} {number[place:]}", NUMBER, st.integers(0, 9))
PHONE = st.one_of(
    st.just(""),
    st.from_regex(r"\+27[0-9]{9}", fullmatch=True),
    st.from_regex(r"\+[1-9][0-9]{7,12}", fullmatch=True),
)


@given(id_number=NUMBER | SPACED, registration=NUMBER | SPACED, vat=NUMBER | SPACED, phone=PHONE)
@example(id_number="0002290000080", registration="", vat="4000000000", phone="+27000000000")
@example(id_number="01022900000 86\n", registration=" ", vat="4٠٠٠٠٠٠٠٠٠", phone="+27891234567")
@settings(max_examples=400, deadline=None)
def test_the_database_says_what_python_says(id_number: str, registration: str, vat: str, phone: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_doubts(%s, %s, %s, %s)", [id_number, registration, vat, phone])
        (found,) = cursor.fetchone()
    assert found == doubts(id_number=id_number, registration_number=registration, vat_number=vat, phone=phone)


def test_the_column_follows_every_change_of_a_number() -> None:
    alice = make_customer("Alice Liddel", id_number="8001015009087", contact={"phone": "+27820000001"})
    assert alice.doubts == []

    Customer.objects.filter(pk=alice.pk).update(id_number="8001015009088", vat_number="123")
    Contact.objects.filter(customer=alice).update(phone="+27000000000")

    alice.refresh_from_db()
    assert alice.doubts == ["id_invalid", "vat_invalid", "phone_doubtful"]


def test_a_filter_finds_numbers_that_do_not_check() -> None:
    make_customer("Alice Liddel", "ALI001", vat_number="123")
    make_customer("Bob Lidd", "BOB001", id_number="123")
    make_customer("Carol Petersen", "CAR001", contact={"phone": "+27000000000"})
    clerk = Client()
    clerk.force_login(make_person("Sam", "customers.view_customer", "customers.see_id_numbers"))

    def listed(query: str) -> set[str]:
        page = clerk.get(f"/customers/?{query}").content.decode()
        return {name for name in ("Alice Liddel", "Bob Lidd", "Carol Petersen") if name in page}

    assert listed("doubts=vat") == {"Alice Liddel"}
    assert listed("doubts=vat&doubts=phone") == {"Alice Liddel", "Carol Petersen"}
    assert listed("id_doubts=id&id_doubts=reg") == {"Bob Lidd"}


def test_dora_who_sees_no_id_numbers_does_not_learn_whose_is_wrong() -> None:
    make_customer("Bob Lidd", "BOB001", id_number="123")
    dora = Client()
    dora.force_login(make_person("Dora", "customers.view_customer"))

    assert "ID numbers that do not check" not in dora.get("/customers/?panel=1").content.decode()
    assert "Bob Lidd" not in dora.get("/customers/?id_doubts=id").content.decode()
