"""Lightning strikes the tower: who is affected, who is told, and that each is told once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from customers.models import Contact
from dataaccounts.models import Outage, Sector
from dataaccounts.selectors.outages import affected, customers_told, outages_of, reach
from dataaccounts.services import outage_messages, outages
from herotill import runs
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.models import Run
from herotill.reference.models import Highsite
from tests.factories import client_of, make_customer, make_person
from tests.factories.data import make_account, make_nas, make_session
from tests.factories.people import in_role

pytestmark = pytest.mark.django_db
NOON = datetime(2018, 8, 22, 10, tzinfo=UTC)
PAGE = "/data-accounts/outages/"


def outage_at(place, **values):
    kind = type(place)._meta.model_name
    given = {"headline": "No service", "text": "Lightning struck.", "starts_at": NOON, kind: place}
    return outages.note(values=given | values, actor=None)


def told(outage, *channels, now=NOON):
    """Tell and have the run done; which customers got a message, by code and channel."""
    runs.work(outage_messages.tell(outage=outage, channels=channels or ["email"], actor=None, now=now).pk)
    return messages(outage)


def messages(outage):
    return sorted(Message.objects.filter(subject_id=outage.pk).values_list("template", "context__name"))


def out_of_reach(customer, **but):
    """A customer whose contact for outages has no address but these."""
    first = customer.contacts.get()
    Contact.objects.create(customer=customer, name="Gate", purposes=["outages"], **but)
    first.purposes.remove("outages")
    first.save()


@pytest.fixture
def town():
    """Koppie with two sectors and a router. Alice hangs at the north, Bob at the south, Carol elsewhere."""
    koppie, dorp = Highsite.objects.create(name="Koppie"), Highsite.objects.create(name="Dorp")
    nas = make_nas("Koppie core", "10.1.0.1", highsite=koppie)
    north = Sector.objects.create(highsite=koppie, name="North", nas=nas)
    south = Sector.objects.create(highsite=koppie, name="South")
    alice = make_account(make_customer("Alice Liddel", "ALI001"), "alice", sector=north)
    bob = make_account(make_customer("Bob Hatter", "BOB001"), "bob", sector=south)
    carol = make_account(make_customer("Carol Duck", "CAR001"), "carol", highsite=dorp)
    return {
        "koppie": koppie, "dorp": dorp, "nas": nas, "north": north, "alice": alice, "bob": bob, "carol": carol
    }  # fmt: skip


def names(outage):
    return [one.accounts for one in affected(outage=outage)]


def test_a_sector_meets_who_hangs_there_and_a_highsite_all_its_sectors(town):
    assert names(outage_at(town["north"])) == ["alice"]
    assert names(outage_at(town["koppie"])) == ["alice", "bob"]
    assert names(outage_at(town["dorp"])) == ["carol"]


def test_without_a_highsite_of_its_own_an_account_hangs_at_its_customers_or_its_routers(town):
    dora = make_account(make_customer("Dora Mouse", "DOR001", highsite=town["koppie"]), "dora")
    erik = make_account(make_customer("Erik Turtle", "ERI001"), "erik")
    make_session(erik, town["nas"], stopped_at=NOON)
    assert names(outage_at(town["koppie"])) == ["alice", "bob", "dora", "erik"]
    assert names(outage_at(town["dorp"])) == ["carol"]
    assert dora.customer.code == "DOR001"


def test_a_router_meets_its_sessions_first_and_where_there_are_none_what_hangs_there(town):
    other = make_nas("Dorp core", "10.1.0.2", highsite=town["dorp"])
    here, there = outage_at(town["nas"]), outage_at(other)
    assert names(here) == ["alice", "bob"], "by its sector's router; by its highsite's"
    assert names(there) == ["carol"]
    make_session(town["alice"], other, stopped_at=NOON)
    make_session(town["carol"], town["nas"])
    assert names(here) == ["bob", "carol"], "Alice was last at Dorp, Carol is on at Koppie"
    assert names(there) == ["alice"]
    make_session(town["carol"], other, "81600002", started_at=NOON + timedelta(hours=1))
    assert names(here) == ["bob", "carol"], "on at both"
    assert names(there) == ["alice", "carol"]


@pytest.mark.parametrize("state", ["waiting", "suspended", "cancelled"])
def test_who_has_no_active_account_is_not_affected(town, state):
    town["alice"].state = state
    town["alice"].save()
    outage = outage_at(town["koppie"])
    assert names(outage) == ["bob"]
    assert outages_of(customer=town["alice"].customer, now=NOON) == []


def test_the_reach_is_counted_before_anything_is_sent(town, django_assert_num_queries):
    out_of_reach(town["bob"].customer)
    make_account(town["alice"].customer, "alice2", sector=town["north"])
    outage = outage_at(town["koppie"])
    with django_assert_num_queries(1):
        found = reach(outage=outage)
    assert found == (2, 3, 1, 1, 1, 0, 0)
    assert not Message.objects.exists()


def test_each_is_told_once_by_each_way_and_again_when_the_text_changes(town):
    outage = outage_at(town["koppie"])
    first = [("outage-begins", "Alice Liddel"), ("outage-begins", "Bob Hatter")]
    assert told(outage) == first
    assert told(outage) == first
    assert told(outage, "email", "sms") == first + [(f"{name}-sms", who) for name, who in first]
    assert reach(outage=outage)[-2:] == (2, 2)

    values = {"text": "A new radio is on its way."}
    outage = outages.change(outage=outage, values=values, now=NOON)
    assert reach(outage=outage)[-2:] == (0, 0)
    assert len(told(outage)) == 6
    newest = Message.objects.order_by("-pk").first()
    assert newest.context["text"] == "A new radio is on its way."
    assert newest.purpose == "outages"
    assert customers_told([outage.pk]) == {outage.pk: 2}


def test_a_change_that_changes_nothing_tells_nobody_again(town):
    outage = outage_at(town["koppie"])
    same = outages.change(outage=outage, values={"headline": "No service"}, now=NOON)
    assert same.edition == 1


def test_who_has_no_address_is_counted_and_gets_no_message(town):
    out_of_reach(town["bob"].customer, phone="+27830000031")
    outage = outage_at(town["koppie"])
    assert told(outage) == [("outage-begins", "Alice Liddel")]
    out_of_reach(town["alice"].customer)
    other = outage_at(town["koppie"])
    told(other, "email", "sms")
    assert Run.objects.order_by("-pk").first().counts == {"email": 0, "sms": 1, "without_an_address": 1}


def test_that_it_is_over_hears_only_who_was_told_the_way_they_were(town):
    outage = outage_at(town["north"])
    told(outage, "sms")
    outage = outages.end(outage=outage, now=NOON + timedelta(hours=3))
    make_account(town["bob"].customer, "bob2", sector=town["north"])
    runs.work(outage_messages.tell_ended(outage=outage, actor=None).pk)
    runs.work(outage_messages.tell_ended(outage=outage, actor=None).pk)
    assert messages(outage) == [("outage-begins-sms", "Alice Liddel"), ("outage-ends-sms", "Alice Liddel")]
    assert Message.objects.get(template="outage-ends-sms").context["ended"] == "2018-08-22 15:00"


def test_where_nobody_was_told_nobody_hears_that_it_is_over(town):
    outage = outages.end(outage=outage_at(town["north"]), now=NOON)
    assert outage_messages.tell_ended(outage=outage, actor=None) is None


def test_what_is_over_is_neither_told_nor_changed_nor_ended_again(town):
    outage = outages.end(outage=outage_at(town["north"]), now=NOON)
    with pytest.raises(DomainError, match="It is over"):
        outage_messages.tell(outage=outage, channels=["email"], actor=None, now=NOON)
    with pytest.raises(DomainError, match="Note another"):
        outages.change(outage=outage, values={"text": "More"}, now=NOON)
    with pytest.raises(DomainError, match="over already"):
        outages.end(outage=outage, now=NOON)


def test_an_outage_that_ends_before_the_worker_comes_is_told_to_nobody(town):
    outage = outage_at(town["north"])
    run = outage_messages.tell(outage=outage, channels=["email"], actor=None, now=NOON)
    outages.end(outage=outage, now=NOON)
    runs.work(run.pk)
    assert messages(outage) == []
    assert "nobody more is told" in Run.objects.get().log[-1]["says"]


def test_maintenance_lasts_until_its_end_and_is_told_as_planned(town):
    ends = timezone.now() + timedelta(days=1)
    outage = outage_at(
        town["north"], kind="maintenance", starts_at=ends - timedelta(hours=2), ends_at=ends
    )  # fmt: skip
    alice = town["alice"].customer
    assert outages_of(customer=alice, now=NOON) == [outage]
    assert outages_of(customer=alice, now=ends) == []
    assert told(outage) == [("maintenance-planned", "Alice Liddel")]


def test_maintenance_that_is_called_off_before_it_begins_says_so(town):
    begins = timezone.now() + timedelta(days=1)
    values = {"kind": "maintenance", "starts_at": begins, "ends_at": begins + timedelta(hours=2)}
    outage = outage_at(town["north"], **values)
    told(outage)
    tumi = client_of(in_role("Tumi", "technician"))
    assert "Call off maintenance" in tumi.get(f"{PAGE}{outage.pk}/end/").content.decode()
    tumi.post(f"{PAGE}{outage.pk}/end/", {"tell": "on"})
    runs.work(Run.objects.order_by("-pk").first().pk)
    assert messages(outage) == [("maintenance-off", "Alice Liddel"), ("maintenance-planned", "Alice Liddel")]


def test_the_database_wants_an_end_of_maintenance_after_its_begin(town):
    with pytest.raises(IntegrityError, match="maintenance_has_an_end"), transaction.atomic():
        outage_at(town["north"], kind="maintenance")
    with pytest.raises(IntegrityError, match="outage_ends_after_it_starts"), transaction.atomic():
        outage_at(town["north"], ends_at=NOON)


def test_a_worker_killed_in_the_middle_and_another_tell_each_once(town, monkeypatch):
    monkeypatch.setattr(outage_messages, "AT_ONCE", 1)
    outage = outage_at(town["koppie"])
    run = outage_messages.tell(outage=outage, channels=["email"], actor=None, now=NOON)
    queue, seen = outage_messages.queue_select, []

    def power_cut(*given, **more):
        seen.append(queue(*given, **more))
        if len(seen) == 2:
            raise SystemExit
        return seen[-1]

    monkeypatch.setattr(outage_messages, "queue_select", power_cut)
    with pytest.raises(SystemExit):
        runs.work(run.pk)
    assert messages(outage) == [("outage-begins", "Alice Liddel")]
    Run.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.done, run.counts["email"]) == ("done", 2, 2)
    assert messages(outage) == [("outage-begins", "Alice Liddel"), ("outage-begins", "Bob Hatter")]


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_tell_at_once_tell_once(town, monkeypatch):
    monkeypatch.setattr(runs, "send", lambda *run, **where: None)
    outage = outage_at(town["koppie"])
    both = [["email"], ["email", "sms"]]
    asked = [outage_messages.tell(outage=outage, channels=by, actor=None, now=NOON) for by in both]
    again = outage_messages.tell(outage=outage, channels=["email"], actor=None, now=NOON)
    assert again == asked[0]

    def carry_out(run):
        try:
            runs.work(run.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=carry_out, args=(run,)) for run in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {run.state for run in Run.objects.all()} == {"done"}
    assert [name for name, _ in messages(outage)] == ["outage-begins"] * 2 + ["outage-begins-sms"] * 2


# --- the screens -------------------------------------------------------------------------------------


def test_tumi_notes_tells_changes_and_ends_an_outage(town, django_capture_on_commit_callbacks):
    tumi = client_of(in_role("Tumi", "technician"))
    values = {
        "kind": "outage",
        "place": f"highsite-{town['koppie'].pk}",
        "starts_at": "2018-08-22T12:00",
        "headline": "No service at Koppie",
        "text": "Lightning struck the tower.",
    }
    wrong = tumi.post(f"{PAGE}new/", values | {"kind": "maintenance", "ends_at": ""})
    assert wrong.status_code == 422
    assert "Say until when the maintenance goes on." in wrong.content.decode()
    assert "Lightning struck the tower." in wrong.content.decode()
    tumi.post(f"{PAGE}new/", values)
    outage = Outage.objects.get()
    page = tumi.get(f"{PAGE}{outage.pk}/").content.decode()
    assert "ALI001" in page
    assert "CAR001" not in page
    assert "ALI001" in b"".join(tumi.get(f"{PAGE}{outage.pk}/?format=csv").streaming_content).decode()

    look = tumi.get(f"{PAGE}{outage.pk}/tell/").content.decode()
    assert "2 affected" in look
    assert "Lightning struck the tower." in look
    tumi.post(f"{PAGE}{outage.pk}/tell/", {"channels": ["email"]})
    runs.work(Run.objects.get().pk)
    assert Message.objects.count() == 2
    assert "Messages: done</a>" in tumi.get(f"{PAGE}{outage.pk}/").content.decode()
    listed = tumi.get(PAGE).content.decode()
    assert "No service at Koppie" in listed
    assert "Lasts</span>" in listed

    tumi.post(f"{PAGE}{outage.pk}/change/", values | {"text": "A new radio is on its way."})
    outage.refresh_from_db()
    assert (outage.text, outage.edition, outage.noted_by.name) == ("A new radio is on its way.", 2, "Tumi")
    assert "2 customers, the way they were told" in tumi.get(f"{PAGE}{outage.pk}/end/").content.decode()
    tumi.post(f"{PAGE}{outage.pk}/end/", {"tell": "on"})
    runs.work(Run.objects.order_by("-pk").first().pk)
    assert Message.objects.filter(template="outage-ends").count() == 2
    assert "Who is affected" not in tumi.get(f"{PAGE}{outage.pk}/").content.decode()
    assert tumi.post(f"{PAGE}{outage.pk}/tell/", {"channels": ["email"]}).status_code == 422
    assert "No outages" not in tumi.get(f"{PAGE}?lasting=false").content.decode()
    assert "No service at Koppie" not in tumi.get(f"{PAGE}?lasting=true").content.decode()


def test_the_profile_and_the_start_page_say_it_while_it_lasts(town):
    tumi = client_of(in_role("Tumi", "support"))
    assert "Outage at" not in tumi.get("/customers/ALI001/").content.decode()
    outage = outage_at(town["koppie"])
    for code, affected_too in (("ALI001", True), ("BOB001", True), ("CAR001", False)):
        page = tumi.get(f"/customers/{code}/").content.decode()
        assert ("Outage at Koppie since 2018-08-22 12:00: No service" in page) == affected_too
    assert "No service" in tumi.get("/").content.decode()
    outages.end(outage=outage, now=timezone.now())
    assert "Outage at" not in tumi.get("/customers/ALI001/").content.decode()
    assert "No service" not in tumi.get("/").content.decode()


def test_what_is_out_at_a_customers_takes_one_query_however_much_is_out(town, django_assert_num_queries):
    for place in (town["koppie"], town["north"], town["nas"], town["dorp"]):
        outage_at(place)
    with django_assert_num_queries(1):
        found = outages_of(customer=town["alice"].customer, now=NOON)
        assert [one.place for one in found] == ["Koppie", "Koppie, North", "Koppie core"]


def test_the_page_of_an_outage_asks_the_same_for_many(town, django_assert_max_num_queries):
    tumi = client_of(in_role("Tumi", "support"))
    outage = outage_at(town["koppie"])
    for number in range(20):
        make_account(make_customer(f"Client {number}"), f"client{number}", sector=town["north"])
    with django_assert_max_num_queries(30):
        tumi.get(f"{PAGE}{outage.pk}/")


def test_dora_sees_no_outage_sam_sees_and_tells_nobody_thandi_notes_and_tells(town):
    outage = outage_at(town["north"])
    dora, sam = client_of(make_person("Dora", "customers.view_customer")), client_of(in_role("Sam", "sales"))
    for address in (PAGE, f"{PAGE}{outage.pk}/"):
        assert dora.get(address).status_code == 403
        assert sam.get(address).status_code == 200
    for deed in ("new/", f"{outage.pk}/change/", f"{outage.pk}/tell/", f"{outage.pk}/end/"):
        assert dora.get(f"{PAGE}{deed}").status_code == 403
        assert sam.get(f"{PAGE}{deed}").status_code == 403
        assert client_of(in_role(f"Thandi {deed}", "support")).get(f"{PAGE}{deed}").status_code == 200
    assert "Tell customers" not in sam.get(f"{PAGE}{outage.pk}/").content.decode()
    assert "Outage at" not in dora.get("/customers/ALI001/").content.decode()


def test_without_the_right_to_see_customers_an_outage_names_none(town):
    zola = client_of(make_person("Zola", "dataaccounts.view_outage"))
    outage = outage_at(town["north"])
    for query in ("", "?format=csv"):
        page = zola.get(f"{PAGE}{outage.pk}/{query}")
        assert "ALI001" not in page.content.decode()
    assert "<dt>Customers</dt><dd>1</dd>" in page.content.decode()
