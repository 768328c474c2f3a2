"""The audit trail on the profile, as a page of one customer, as a page of everything, and as a file."""

import csv
import io

import pytest
from django.utils import timezone

from customers.models import Contact, Customer
from customers.screen import widgets
from herotill import audit
from herotill.models import AuditEvent, Export
from tests.factories import client_of, make_customer, make_person

pytestmark = pytest.mark.django_db
SEES = ("customers.view_customer", "customers.view_contact", "customers.see_audit_trail")


@pytest.fixture
def alice() -> Customer:
    return make_customer("Alice Liddel", "ALI001", id_number="8001015009087")


def lines_of(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_change_on_a_screen_is_told_with_who_where_old_and_new(alice: Customer) -> None:
    sam = make_person("Sam", *SEES, "customers.change_contact")
    client = client_of(sam)
    contact = Contact.objects.get(customer=alice)
    answer = client.post(
        f"/customers/ALI001/widgets/contacts/edit/{contact.pk}/",
        {
            "name": "Alice P Liddel",
            "email": contact.email,
            "phone": "083 000 0001",
            "purposes": contact.purposes,
            "is_primary": "on",
        },
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 204
    entry = audit.trail(viewer=sam, customer_id=alice.pk).entries[0]
    assert (entry.who, entry.what, entry.verb) == ("Sam", "Contact Alice P Liddel", "changed")
    assert entry.where == f"/customers/ALI001/widgets/contacts/edit/{contact.pk}/"
    card = client.get("/customers/ALI001/widgets/audit-trail/").content.decode()
    assert "<del>Alice Liddel</del>" in card
    assert "<ins>Alice P Liddel</ins>" in card


def test_dora_gets_neither_card_nor_page_nor_file(alice: Customer) -> None:
    dora = client_of(make_person("Dora", "customers.view_customer"))
    assert dora.get("/customers/ALI001/widgets/audit-trail/").status_code == 403
    assert dora.get("/customers/ALI001/audit/").status_code == 403
    assert dora.post("/customers/ALI001/audit/export/").status_code == 403
    assert dora.get("/setup/audit/").status_code == 403
    assert dora.post("/setup/audit/export/").status_code == 403


def test_the_right_for_one_customer_does_not_open_everything(alice: Customer) -> None:
    assert client_of(make_person("Sam", *SEES)).get("/setup/audit/").status_code == 403
    page = client_of(make_person("Bob", *SEES, "house.see_audit")).get("/setup/audit/").content.decode()
    assert '<a href="/customers/ALI001/">Alice Liddel</a>' in page


def test_an_id_number_is_masked_on_page_and_in_file_for_those_without_its_right(alice: Customer) -> None:
    sam = client_of(make_person("Sam", *SEES))
    page = sam.get("/customers/ALI001/audit/").content.decode()
    assert "your permissions do not include this" in page
    assert "8001015009087" not in page
    assert "8001015009087" not in str(lines_of(sam.post("/customers/ALI001/audit/export/")))
    ida = client_of(make_person("Ida", *SEES, "customers.see_id_numbers"))
    assert "8001015009087" in ida.get("/customers/ALI001/audit/").content.decode()


def test_filters_narrow_the_page_and_a_wrong_date_is_said(alice: Customer) -> None:
    Contact.objects.filter(customer=alice).update(position="Queen of hearts")
    client = client_of(make_person("Sam", *SEES))
    today = timezone.localdate().isoformat()
    url = "/customers/ALI001/audit/"
    shown = client.get(
        url, {"thing": "customers.contact", "field": "position", "since": today}
    ).content.decode()
    assert "Queen of hearts" in shown
    assert "<b>Customer Alice Liddel</b>" in client.get(url).content.decode()
    assert "<b>Customer Alice Liddel</b>" not in shown
    assert "No change matches" in client.get(url, {"until": "2001-01-01"}).content.decode()
    assert "Enter a valid date" in client.get(url, {"since": "yesterday"}).content.decode()


def test_older_pages_follow_and_the_newest_is_one_step_away(alice: Customer) -> None:
    for number in range(60):
        Contact.objects.filter(customer=alice).update(position=f"Place {number}")
    client = client_of(make_person("Sam", *SEES))
    first = client.get("/customers/ALI001/audit/")
    assert "Place 59" in first.content.decode()
    second = client.get("/customers/ALI001/audit/", {"before": first.context["trail"].older}).content.decode()
    assert "Place 59" not in second
    assert "Place 1</ins>" in second
    assert "Newest" in second


@pytest.mark.parametrize("times", [1, 10])
def test_the_card_takes_two_queries_for_little_as_for_much(
    alice: Customer, times: int, django_assert_num_queries
) -> None:
    for number in range(times * 5):
        Contact.objects.filter(customer=alice).update(position=f"Place {number}")
    widget = widgets["audit-trail"](customer=alice, user=make_person("Sam", *SEES), request=None)
    widget.user.get_all_permissions()
    with django_assert_num_queries(2):
        assert len(widget.context()["trail"].entries) >= 6


def test_s22_an_export_is_on_record_and_runs_no_formula(alice: Customer) -> None:
    Contact.objects.filter(customer=alice).update(position="=HYPERLINK(1)")
    sam = make_person("Sam", *SEES)
    answer = client_of(sam).post("/customers/ALI001/audit/export/?thing=customers.contact&field=position")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    (line,) = lines_of(answer)
    assert (line["Field"], line["New"]) == ("Role", "'=HYPERLINK(1)")
    kept = Export.objects.get()
    assert (kept.list_name, kept.person, kept.rows) == ("audit", sam, 1)
    assert "field=position" in kept.query


def test_s22_a_large_export_needs_its_right(alice: Customer, settings) -> None:
    settings.EXPORT_ROWS_WITHOUT_RIGHT = 1
    refused = client_of(make_person("Sam", *SEES)).post("/customers/ALI001/audit/export/")
    assert refused.status_code == 302
    assert not Export.objects.exists()
    bob = client_of(make_person("Bob", *SEES, "house.export_audit"))
    assert len(lines_of(bob.post("/customers/ALI001/audit/export/"))) > 1


def test_s24_looking_at_the_trail_changes_nothing(alice: Customer) -> None:
    client = client_of(make_person("Sam", *SEES))
    before = AuditEvent.objects.count()
    client.get("/customers/ALI001/audit/")
    assert client.get("/customers/ALI001/audit/export/").status_code == 405
    assert AuditEvent.objects.count() == before


def test_markup_in_a_name_stays_text_in_the_trail(alice: Customer) -> None:
    Contact.objects.filter(customer=alice).update(position='<img src="http://x.example/{{ 1 }}">')
    page = client_of(make_person("Sam", *SEES)).get("/customers/ALI001/audit/").content.decode()
    assert "<img" not in page
    assert "&lt;img" in page
