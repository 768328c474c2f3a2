"""Alice asks for a copy of her data and to be forgotten; nothing of others and no secret is in it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from customers.models import Customer, CustomerNote, DataCopy, ForgetWish
from customers.own_data import OwnData, own_data
from customers.policies.data_copies import table
from customers.services import anonymising, attachments, data_copies, forget_wishes
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.models import Fact
from tests.factories import make_person
from tests.factories.changes import ask_change
from tests.factories.mandates import FNB, make_mandate
from tests.portal.conftest import at_portal, login_of

pytestmark = pytest.mark.django_db
SURE = {"words": "I move abroad.", "sure": "on"}


def make_now() -> str:
    return data_copies.make(timezone.now())


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def test_alice_asks_a_worker_packs_and_she_downloads_it(alice, django_capture_on_commit_callbacks):
    page = at_portal(alice)
    page.post("/portal/privacy/copy/")
    assert "Being made" in page.get("/portal/privacy/").text
    assert page.post("/portal/privacy/copy/file/").status_code == 404
    assert make_now() == "1 made"
    told = Message.objects.get(template="data-copy-ready")
    assert (told.customer_id, told.purpose) == (alice.pk, "portal")
    assert "Download my data" in page.get("/portal/privacy/").text
    answer = page.post("/portal/privacy/copy/file/")
    assert answer.headers["Cache-Control"] == "no-store, private"
    packed = opened(b"".join(answer.streaming_content))
    rows = list(csv.DictReader(io.StringIO(packed.read("account.csv").decode("utf-8-sig"))))
    assert (rows[0]["Customer code"], rows[0]["Name"]) == ("ALI001", "Alice Liddel")
    assert DataCopy.objects.get().fetched_at


def test_s29_the_copy_holds_hers_and_nobody_elses_and_no_secret(alice, bob):
    make_mandate(alice)
    ask_change(alice, surname="Hargreaves")
    CustomerNote.objects.create(customer=alice, text="Complains a lot", author=make_person("Greta"))
    for customer, name, shared in (
        (alice, "mine.txt", True),
        (alice, "ours.txt", False),
        (bob, "his.txt", True),
    ):
        upload = SimpleUploadedFile(name, f"what {name} says".encode())
        attachments.add(customer=customer, upload=upload, kind="other", note="", actor=None, shared=shared)
    packed = opened(data_copies.packed(customer=alice, now=timezone.now()))
    assert packed.read("documents/mine.txt") == b"what mine.txt says"
    everything = b"\n".join(packed.read(name) for name in packed.namelist()).decode()
    assert "Hargreaves" in everything
    for foreign in ("Bob", "BOB001", "what ours.txt says", "his.txt", "Complains a lot", FNB):
        assert foreign not in everything
    kept = json.loads(packed.read("everything.json"))
    assert set(kept) == {part.name for part in own_data}


def test_it_expires_and_its_file_goes(alice, django_capture_on_commit_callbacks):
    data_copies.ask(customer=alice, actor=login_of(alice), now=timezone.now())
    make_now()
    name = DataCopy.objects.get().file
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        data_copies.make(timezone.now() + timedelta(days=8))
    copy = DataCopy.objects.get()
    assert (copy.file, default_storage.exists(name)) == ("", False)
    assert at_portal(alice).post("/portal/privacy/copy/file/").status_code == 404


def test_one_copy_at_a_time_and_one_a_day(alice):
    now = timezone.now()
    data_copies.ask(customer=alice, actor=None, now=now)
    with pytest.raises(DomainError, match="being made"):
        data_copies.ask(customer=alice, actor=None, now=now)
    make_now()
    with pytest.raises(DomainError, match="tomorrow"):
        data_copies.ask(customer=alice, actor=None, now=now + timedelta(hours=2))
    data_copies.ask(customer=alice, actor=None, now=now + timedelta(hours=25))
    assert DataCopy.objects.count() == 2


def test_trouble_with_one_copy_does_not_keep_back_the_others(alice, bob):
    def broken(customer: Customer) -> list[dict[str, object]]:
        if customer == alice:
            raise ValueError("no such thing")
        return []

    own_data.register(OwnData(name="broken", title="Broken", rows=broken))
    try:
        for customer in (alice, bob):
            data_copies.ask(customer=customer, actor=None, now=timezone.now())
        with pytest.raises(DomainError, match="1 copies could not be made"):
            make_now()
    finally:
        own_data.unregister("broken")
    assert [bool(one.file) for one in DataCopy.objects.order_by("pk")] == [False, True]
    make_now()
    assert all(one.file for one in DataCopy.objects.all())


def test_nothing_in_a_table_is_a_formula():
    made = table([{"Name": "=HYPERLINK(0)", "Amount": "-454.00"}, {"Other": "+27821234567"}])
    assert made.splitlines()[1] == "'=HYPERLINK(0),-454.00,"
    assert made.splitlines()[2] == ",,+27821234567"
    for word in (" =1+1", "\n=1+1", "\t@SUM(1)", "＝1+1", "＠SUM(1)"):
        assert table([{"Words": word}]).partition("\r\n")[2].strip('"').startswith("'"), word


def test_alice_asks_to_be_forgotten_and_greta_answers(alice, client):
    page = at_portal(alice)
    assert page.post("/portal/privacy/forget/", {"words": ""}).status_code == 422
    page.post("/portal/privacy/forget/", SURE)
    wish = ForgetWish.objects.get()
    assert (wish.customer, wish.words, wish.asked_by) == (alice, "I move abroad.", login_of(alice))
    assert Fact.objects.filter(kind=forget_wishes.ASKED, customer_id=alice.pk).count() == 1
    greta = make_person(
        "Greta", "customers.view_customer", "customers.view_anonymisation", "customers.answer_forget_wish"
    )
    client.force_login(greta)
    assert "to be forgotten" in client.get(f"/customers/{alice.code}/head/").text
    act = f"/customers/{alice.code}/widgets/personal-data/answer-wish/"
    client.post(act, {"words": "Cancel first, please."})
    assert "Cancel first, please." in page.get("/portal/privacy/").text
    assert Message.objects.get(template="forget-wish-answered").context["answer"] == "Cancel first, please."
    alice.refresh_from_db()
    assert alice.anonymised_on is None, "the answer deletes nothing"


def test_alice_takes_her_wish_back(alice):
    page = at_portal(alice)
    page.post("/portal/privacy/forget/", SURE)
    page.post("/portal/privacy/forget/", SURE)
    page.post("/portal/privacy/forget/withdraw/")
    assert [one.state for one in ForgetWish.objects.all()] == ["withdrawn"]


def test_s29_who_is_anonymised_leaves_no_copy_and_no_words(alice, django_capture_on_commit_callbacks):
    now = timezone.now()
    data_copies.ask(customer=alice, actor=None, now=now)
    make_now()
    name = DataCopy.objects.get().file
    forget_wishes.ask(customer=alice, words="I am Alice", actor=None, now=now)
    forget_wishes.withdraw(customer=alice, actor=None, now=now)
    Customer.objects.filter(pk=alice.pk).update(status="cancelled")
    with django_capture_on_commit_callbacks(execute=True):
        done = anonymising.anonymise(
            customers=[alice.pk], reason="", asked_by=None, approved_by=None, now=now
        )
    assert done == 1
    assert not default_storage.exists(name)
    assert DataCopy.objects.get().file == ""
    assert ForgetWish.objects.get().words == ""
