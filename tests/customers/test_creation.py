"""Creating customers: compulsory fields, codes, portal log-ins."""

from __future__ import annotations

import threading

import pytest
from django.core import mail
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from customers.models import Address, Customer, CustomerGroup
from customers.services import customers
from herotill.messages.models import Message
from herotill.messages.services import sending
from herotill.users.models import AccessLink, User
from tests.factories import make_customer, make_person

RIGHTS = ("customers.view_customer", "customers.add_customer")


def form(**given: str) -> dict[str, str]:
    group = CustomerGroup.objects.get(is_default=True)
    return {
        "kind": "individual",
        "first_names": "Alice",
        "surname": "Liddel",
        "contact_phone": "082 000 0001",
        "contact_email": "alice@example.com",
        "code": "ALI001",
        "proposed": "ALI001",
        "group": str(group.pk),
        **given,
    }


@pytest.fixture
def sales(db: None) -> Client:
    client = Client()
    client.force_login(make_person("Sally", *RIGHTS))
    return client


def test_a_customer_is_created_with_contact_addresses_and_portal_login(sales: Client) -> None:
    answer = sales.post(
        "/customers/new/", form(**{"physical-lines": "12 Rabbit Lane", "physical-town": "Parys"})
    )
    alice = Customer.objects.get()

    assert answer.headers["Location"] == "/customers/ALI001/"
    assert (alice.code, alice.name, alice.contact_phone) == ("ALI001", "Alice Liddel", "+27820000001")
    assert Address.objects.get().one_line == "12 Rabbit Lane, Parys"
    assert alice.portal_login.user.username == "ALI001"
    assert not alice.portal_login.user.has_usable_password()


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("company", {"company_name", "contact_name", "contact_phone", "contact_email", "code"}),
        ("individual", {"first_names", "contact_phone", "contact_email", "code"}),
    ],
)
def test_missing_compulsory_fields_are_red_and_named(sales: Client, kind: str, missing: set[str]) -> None:
    answer = sales.post("/customers/new/", {"kind": kind, "group": form()["group"]})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert {
        name for name in form() | {"company_name": "", "contact_name": ""} if f'href="#id_{name}"' in page
    } == missing
    assert page.count('aria-invalid="true"') == len(missing)
    assert Customer.objects.count() == 0


def test_the_form_is_a_dialog_to_the_list_and_a_page_to_whom_the_address_is_sent(sales: Client) -> None:
    whole, part = sales.get("/customers/new/"), sales.get("/customers/new/", headers={"HX-Request": "true"})

    assert "<title>New customer" in whole.content.decode()
    assert 'hx-target="#dialog" novalidate' not in whole.content.decode(), "a page posts itself"
    assert "<html" not in part.content.decode()
    assert 'hx-target="#dialog" novalidate' in part.content.decode()
    assert 'name="surname"' in part.content.decode()


def test_the_code_is_previewed_while_typing_and_a_typed_one_stays(sales: Client) -> None:
    make_customer("Alice Springs", "ALI001")
    ask = {"kind": "individual", "first_names": "Alice", "surname": "Liddel"}

    assert 'value="ALI002"' in sales.get("/customers/new/code/", ask).content.decode()
    assert (
        'name="code" value="RABBIT"'
        in sales.get("/customers/new/code/", ask | {"code": "RABBIT"}).content.decode()
    )
    generated = sales.get("/customers/new/code/", ask | {"code": "RABBIT", "generate": "1"}).content.decode()
    assert 'name="code" value="ALI002"' in generated
    company = {"kind": "company", "company_name": "Wonderland (Pty) Ltd"}
    assert 'value="WON001"' in sales.get("/customers/new/code/", company).content.decode()


def test_a_code_taken_meanwhile_becomes_the_next_one_and_is_said(sales: Client) -> None:
    make_customer("Alice Springs", "ALI001")

    answer = sales.post("/customers/new/", form(), follow=True)

    assert Customer.objects.filter(code="ALI002", surname="Liddel").exists()
    assert "ALI001 was taken a moment ago" in answer.content.decode()


def test_a_typed_code_that_is_taken_is_refused_at_its_field(sales: Client) -> None:
    make_customer("Bob", "RABBIT")

    answer = sales.post("/customers/new/", form(code="rabbit"))

    assert answer.status_code == 422
    assert "The code RABBIT is taken" in answer.content.decode()


def test_a_staff_name_is_not_given_as_a_code(sales: Client) -> None:
    make_person("ALI001")

    sales.post("/customers/new/", form())

    assert Customer.objects.get().code == "ALI002"


def test_somebody_known_already_is_pointed_out_once(sales: Client) -> None:
    make_customer("Alice Liddel", "OLD001", contact={"email": "alice@example.com"})

    first = sales.post("/customers/new/", form())
    again = sales.post("/customers/new/", form(known_twice="on"))

    assert first.status_code == 422
    assert "Alice Liddel (OLD001)" in first.content.decode()
    assert again.status_code == 302


@pytest.mark.parametrize("sees", [True, False])
def test_only_who_may_see_id_numbers_hears_that_one_is_known(db: None, sees: bool) -> None:
    Customer.objects.filter(pk=make_customer("Bob Hatter", "OLD001").pk).update(id_number="8001015009087")
    more = ("customers.see_id_numbers",) if sees else ()
    client = Client()
    client.force_login(make_person("Sally", *RIGHTS, "customers.change_id_numbers", *more))
    answer = client.post("/customers/new/", form(id_number="8001015009087"))
    assert answer.status_code == (422 if sees else 302)
    assert ("OLD001" in answer.content.decode()) == sees


def test_dora_may_not_create(db: None) -> None:
    dora = Client()
    dora.force_login(make_person("Dora", "customers.view_customer"))

    assert dora.get("/customers/new/").status_code == 403
    assert dora.post("/customers/new/", form()).status_code == 403


def _create_at_once(hold: bool) -> list[str]:
    """Two clerks at once, each reading the free code before either writes; the codes they gave out."""
    meet = threading.Barrier(2, timeout=60)
    given: list[str] = []

    def clerk() -> None:
        try:
            from django.db import transaction

            with transaction.atomic():
                if hold:
                    customers.hold_letters(letters="ALI")
                else:
                    meet.wait()
                code = customers.free_code(letters="ALI")
                if not hold:
                    meet.wait()
                User.objects.create(username=code, kind="portal", password="!")
                given.append(code)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=clerk) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return given


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_never_get_the_same_code() -> None:
    assert sorted(_create_at_once(hold=True)) == ["ALI001", "ALI002"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_without_the_lock_they_would(capfd: pytest.CaptureFixture[str]) -> None:
    given = _create_at_once(hold=False)

    assert len(given) == 1
    assert connection.vendor == "postgresql"


def test_the_welcome_mail_goes_with_the_profile_and_its_link_stands_nowhere(db: None) -> None:
    sally = Client()
    sally.force_login(make_person("Sally", *RIGHTS, "customers.manage_portal_login"))
    assert "Client Portal Username" in sally.get("/customers/new/").content.decode()

    sally.post("/customers/new/", form(welcome="on"))

    message = Message.objects.get()
    assert (message.template, message.address) == ("welcome", "alice@example.com")
    assert message.customer_id == Customer.objects.get().pk
    assert AccessLink.objects.get().token_hash is None, "the token is made while sending"


def test_without_the_tick_or_without_the_right_nobody_is_mailed(sales: Client) -> None:
    assert 'name="welcome"' not in sales.get("/customers/new/").content.decode()
    sales.post("/customers/new/", form(welcome="on"))
    boss = Client()
    boss.force_login(make_person("Bella", *RIGHTS, "customers.manage_portal_login"))
    boss.post("/customers/new/", form(contact_email="bob@example.com", contact_phone="082 000 0002"))

    assert Customer.objects.count() == 2
    assert not Message.objects.exists()


def test_a_profile_that_is_refused_leaves_no_mail(db: None) -> None:
    make_customer("Eve Malan", "ALI001")
    sally = Client()
    sally.force_login(make_person("Sally", *RIGHTS, "customers.manage_portal_login"))

    answer = sally.post("/customers/new/", form(first_names="Zoe", surname="Botha", welcome="on"))

    assert answer.status_code == 422, "the code ALI001 is another's and not made from this name"
    assert not Message.objects.exists()


def test_the_mail_says_the_code_and_the_link_opens_the_portal(db: None) -> None:
    sally = Client()
    sally.force_login(make_person("Sally", *RIGHTS, "customers.manage_portal_login"))
    sally.post("/customers/new/", form(first_names="Alice {{ 7 }}", welcome="on"))
    sending.send_mail(timezone.now())

    text = mail.outbox[0].body
    assert "Your customer code is ALI001" in text
    assert "Alice {{ 7 }}" in text
    link = next(word for word in text.split() if "/portal/password/" in word)
    assert Client().get(link).status_code == 200
    assert "[link]" in Message.objects.get().body


def test_the_code_and_the_portal_username_come_together(sales: Client) -> None:
    answer = sales.get(
        "/customers/new/code/?kind=individual&first_names=Alice&surname=Liddel"
    ).content.decode()

    assert answer.count('value="ALI001"') >= 2
    assert 'id="portal-username" hx-swap-oob="true"' in answer
