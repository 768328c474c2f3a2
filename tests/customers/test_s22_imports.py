"""Rule 22: an import asks, for the kind and for each column, the right that the screen asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from customers.imports import customers as kind
from customers.models import Customer
from herotill.errors import DomainError
from herotill.imports import asking, steps, uploads
from herotill.models import Import, Run
from herotill.users.models import Role, User
from tests.customers.importing.files import company, person
from tests.customers.importing.stories import COLUMN_RIGHTS, applied, dry, fresh, importer, upload
from tests.factories import make_person

pytestmark = pytest.mark.django_db

HOME = "/customers/import/"
ALICE = person("Liddel, Alice", code="ALI001", id="8001015009087", balance="R 120.50", status="Susp")


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Any:
    return django_capture_on_commit_callbacks


def desk(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_s22_dora_may_not_import_and_does_not_see_that_one_can(commits: Any) -> None:
    batch = applied(importer(), commits, ALICE)
    dora = desk(make_person("Dora", "customers.view_customer"))

    assert HOME not in dora.get("/customers/").content.decode()
    assert dora.get(HOME).status_code == 403
    assert dora.post(HOME, {"file": upload(ALICE)}).status_code == 403
    for page in ("", "map/", "refused/", "roll-back/"):
        assert dora.get(f"{HOME}{batch.pk}/{page}").status_code == 403
    for deed in ("map/", "dry-run/", "apply/", "discard/", "roll-back/"):
        assert dora.post(f"{HOME}{batch.pk}/{deed}").status_code == 403
    assert Import.objects.count() == 1


def test_s22_rolling_back_is_a_right_of_its_own(commits: Any) -> None:
    batch = applied(importer(), commits, ALICE)
    sam = desk(importer("Sam", without=("roll_back_import",)))

    assert "Roll back" not in sam.get(f"{HOME}{batch.pk}/").content.decode()
    assert sam.post(f"{HOME}{batch.pk}/roll-back/", {"word": "roll back"}).status_code == 403
    assert Customer.objects.exists()


@pytest.mark.parametrize("right", COLUMN_RIGHTS)
def test_s22_each_column_asks_its_own_right(right: str, commits: Any) -> None:
    sam = importer("Sam", without=(right.partition(".")[2],))
    batch = uploads.receive(kind=kind, upload=upload(ALICE), actor=sam)
    mine = [name for name, field in kind.fields.items() if field.permission == right]
    assert mine

    page = desk(sam).get(f"{HOME}{batch.pk}/map/").content.decode()

    assert "Left out, because you may not change it" in page
    for name in mine:
        assert f'<option value="{name}"' not in page
        heading = next((h for h, meant in kind.presets[0].fields.items() if meant == name), "Cust No")
        with pytest.raises(DomainError, match="You may not import"):
            steps.choose(pk=batch.pk, mapping={heading: name}, day=None, actor=sam)
    place = next(n for n, h in enumerate(batch.headings) if kind.presets[0].fields.get(h.strip()) == mine[0])
    assert desk(sam).post(f"{HOME}{batch.pk}/map/", {f"column-{place}": mine[0]}).status_code == 422


def test_s22_without_the_right_a_column_is_left_out_and_the_rest_comes_in(commits: Any) -> None:
    sam = importer("Sam", without=("change_id_numbers", "import_opening_balances", "change_customer_status"))
    batch = uploads.receive(kind=kind, upload=upload(ALICE), actor=sam)
    fields = asking.fields_for(kind, sam)
    chosen = {h: f for h, f in kind.presets[0].fields.items() if f in fields}
    steps.choose(
        pk=batch.pk, mapping={h: chosen.get(h.strip(), "") for h in batch.headings}, day=None, actor=sam
    )
    for step in (steps.dry_run, steps.apply):
        with commits(execute=True):
            step(pk=batch.pk, actor=sam)

    alice = Customer.objects.get()
    assert (alice.id_number, alice.status) == ("", "active")
    assert not hasattr(alice, "opening_balance")


def test_s22_a_right_that_is_lost_meanwhile_stops_the_import(commits: Any) -> None:
    sam = importer("Sam")
    batch = dry(sam, commits, ALICE)
    Role.objects.get(name="only sam").permissions.clear()
    sam = User.objects.get(pk=sam.pk)

    with pytest.raises(DomainError, match="You may not import customers"):
        steps.apply(pk=batch.pk, actor=sam)
    assert not Customer.objects.exists()


def test_s22_a_right_that_is_lost_before_the_worker_begins_stops_it_too(commits: Any) -> None:
    sam = importer("Sam")
    batch = dry(sam, commits, ALICE)
    with commits(execute=False) as waiting:
        steps.apply(pk=batch.pk, actor=sam)
    Role.objects.get(name="only sam").permissions.clear()
    for callback in waiting:
        callback()

    batch = fresh(batch)
    assert batch.run is not None
    assert batch.run.state == Run.State.FAILED
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("right", "sentence"),
    [
        ("add_customer", "This creates customers"),
        ("add_category", "new categories"),
        ("add_label", "new labels"),
    ],
)
def test_s22_what_an_import_creates_asks_the_right_to_create_it(
    right: str, sentence: str, commits: Any
) -> None:
    sam = importer("Sam", without=(right,))
    batch = dry(sam, commits, ALICE | {"Cat": "Estate", "Colour tag": "Red"})
    with pytest.raises(DomainError, match=sentence):
        steps.apply(pk=batch.pk, actor=sam)
    page = desk(sam).post(f"{HOME}{batch.pk}/apply/", follow=True).content.decode()
    assert sentence in page
    assert not Customer.objects.exists()


def test_s22_changing_customers_asks_the_right_to_change_them(commits: Any) -> None:
    applied(importer(), commits, ALICE)
    sam = importer("Sam", without=("change_customer",))
    batch = dry(sam, commits, ALICE)
    with pytest.raises(DomainError, match="This changes customers"):
        steps.apply(pk=batch.pk, actor=sam)


def test_s22_numbers_and_amounts_are_shown_to_whoever_may_see_them(commits: Any) -> None:
    refused = company("Wonderland (Pty) Ltd", code="WON001", id="2018/123456/07", balance="R 77.77") | {
        "E-Mail": ""
    }
    batch = applied(importer(), commits, ALICE, refused)
    sam = desk(importer("Sam", without=("see_id_numbers", "see_customer_balance")))
    seeing = desk(importer("Thandi"))

    for page in (f"{HOME}{batch.pk}/", f"{HOME}{batch.pk}/refused/"):
        hidden = b"".join(sam.get(page)).decode()
        shown = b"".join(seeing.get(page)).decode()
        assert "2018/123456/07" in shown
        assert "2018/123456/07" not in hidden
        assert "77.77" not in hidden
        assert "Wonderland" in hidden
    assert "R 120.50" not in b"".join(sam.get(f"{HOME}{batch.pk}/")).decode()


def test_s22_no_column_means_bank_details_mandates_accounting_ids_or_rights() -> None:
    assert set(kind.fields) == {
        *("code", "company_name", "person", "surname", "names", "cell", "telephone", "emails", "identity"),
        *("vat_number", "line1", "line2", "line3", "suburb", "town", "postal_code", "postal_address"),
        *(
            "category",
            "label",
            "debit_run",
            "group",
            "billing_group",
            "opened",
            "status",
            "master",
            "note",
            "balance",
        ),
    }
