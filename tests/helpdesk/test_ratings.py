"""Ratings: asked for after tickets and jobs, given once, acknowledged; a low one opens a ticket."""

from __future__ import annotations

import csv
import io
from datetime import datetime, time, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from helpdesk.models import Department, HelpdeskRules, Rating, Ticket
from helpdesk.services import asking, ratings, tickets
from herotill import links
from herotill.clock import moment
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.models import Fact
from herotill.users.models import User
from tests.factories import make_customer, make_person
from tests.factories.helpdesk import make_department, make_reason, make_ticket
from tests.factories.workflow import make_job
from workflow.models import SalesRules

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23).date()  # noqa: DTZ001 - a day, no moment
DAY, NIGHT = moment(MONDAY, time(10)), moment(MONDAY, time(22))
DESK = ("helpdesk.view_rating", "helpdesk.acknowledge_rating", "helpdesk.request_rating")


@pytest.fixture
def alice() -> Customer:
    return make_customer("Alice Liddel", "ALI001", contact={"email": "alice@example.com"})


def switched_on(*names: str) -> None:
    SalesRules.objects.update(
        **dict.fromkeys(names or ("rate_jobs", "rate_tickets", "rate_in_general"), True)
    )


def fact(kind: str, subject: int, at: datetime = DAY) -> Fact:
    return Fact(kind=kind, key=f"{kind}-{subject}", subject_id=subject, at=at)


def asked(customer: Customer | None = None, kind: str = "general", **fields: Any) -> tuple[Rating, str]:
    """A rating that was asked for, with the secret of the link that was mailed."""
    rating = ratings.ask(kind=kind, customer=customer, now=fields.pop("now", DAY), **fields)
    assert rating
    return rating, link_to(rating)


def link_to(rating: Rating, now: datetime = DAY) -> str:
    return ratings.seal(Mock(subject_id=rating.pk), now)["link"].rstrip("/").rpartition("/")[2]


def closed_ticket(customer: Customer | None, **fields: Any) -> Ticket:
    thabo = make_person("Thabo")
    ticket = make_ticket(customer, assignee=thabo, now=DAY, **fields)
    tickets.answer(ticket=ticket, text="Done.", actor=thabo, now=DAY, state="closed", reason=make_reason())
    return ticket


def closed_by(person: User, *some: Ticket) -> list[Ticket]:
    for ticket in some:
        tickets.close(ticket=ticket, reason=make_reason(), actor=person, now=DAY)
    return list(some)


def test_alice_is_asked_about_a_ticket_once_and_only_where_it_is_switched_on(alice: Customer) -> None:
    ticket = closed_ticket(alice)
    asking.consume([fact("ticket.closed", ticket.pk)])
    assert not Rating.objects.exists()
    switched_on("rate_tickets")
    for _ in range(2):
        asking.consume([fact("ticket.closed", ticket.pk)])
    rating = Rating.objects.get()
    assert (rating.kind, rating.subject_id, rating.customer) == ("ticket", ticket.pk, alice)
    assert (str(rating.about), str(rating.department)) == ("Thabo", "Support")
    assert rating.expires_at == DAY + timedelta(days=30)
    assert Message.objects.get(template="rating_ticket").context["what"] == "No connection"


def test_alice_is_asked_by_itself_at_most_twice_a_day_and_by_hand_whenever(alice: Customer) -> None:
    switched_on()
    some = closed_by(make_person("Thabo"), *[make_ticket(alice) for _ in range(4)])
    asking.consume([fact("ticket.closed", one.pk) for one in some[:3]])
    assert Rating.objects.count() == Message.objects.filter(subject_kind="rating").count() == 2
    ratings.ask_in_general(customer=alice, actor=make_person("Thandi"), now=DAY)
    assert Rating.objects.count() == 3
    asking.consume([fact("ticket.closed", some[3].pk, DAY + timedelta(days=1, minutes=1))])
    assert Rating.objects.count() == 4


def test_an_address_of_nobody_is_asked_at_most_twice_a_day(alice: Customer) -> None:
    switched_on("rate_tickets")
    wrote = [make_ticket(requester_email=f"{who}@club.example") for who in ("bob", "bob", "bob", "eve")]
    some = closed_by(make_person("Thabo"), *wrote)
    asking.consume([fact("ticket.closed", one.pk) for one in some])
    assert list(Rating.objects.order_by("pk").values_list("subject_id", flat=True)) == [
        some[0].pk,
        some[1].pk,
        some[3].pk,
    ]


def test_nobody_is_asked_about_what_a_rule_closed_by_itself(alice: Customer) -> None:
    switched_on("rate_tickets")
    by_rule, by_us = make_ticket(alice), make_ticket(alice)
    for ticket, actor in ((by_rule, None), (by_us, make_person("Thabo"))):
        tickets.close(ticket=ticket, reason=make_reason(), actor=actor, now=DAY)
    asking.consume([fact("ticket.closed", one.pk) for one in (by_rule, by_us)])
    assert Rating.objects.get().subject_id == by_us.pk


def test_a_technician_is_rated_after_a_job(alice: Customer) -> None:
    sipho = make_person("Sipho", "workflow.do_jobcard")
    job = make_job(alice, state="scheduled", technician=sipho)
    switched_on("rate_jobs")
    asking.consume([fact("job.completed", job.pk)])
    rating = Rating.objects.get()
    assert (rating.kind, rating.subject_id, rating.about) == ("job", job.pk, sipho)
    assert Message.objects.get(template="rating_job").context["who"] == "Sipho"


def test_nobody_is_asked_about_what_we_opened_ourselves_or_what_was_merged(alice: Customer) -> None:
    switched_on()
    thabo, ours, other = make_person("Thabo"), make_ticket(alice, origin="rating"), make_ticket(alice)
    tickets.close(ticket=ours, reason=make_reason(), actor=thabo, now=DAY)
    into = make_ticket(alice, "Other")
    tickets.merge(into=into, others=[other], actor=thabo, now=DAY)
    asking.consume([fact("ticket.closed", one.pk) for one in (ours, other, into)])
    assert not Rating.objects.exists()


def test_s24_a_link_rates_once_and_tells_nothing_afterwards(client: Client, alice: Customer) -> None:
    rating, token = asked(alice, now=timezone.now())
    url = f"/rate/{token}/"
    page = client.get(url)
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == (
        "no-referrer",
        "no-store, private",
    )
    assert "noindex" in page.headers["X-Robots-Tag"]
    rating.refresh_from_db()
    assert rating.submitted_at is None, "opening it changes nothing"
    assert client.post(url, {"comment": "All good"}).status_code == 422
    assert "All good" in client.post(url, {"stars": "6", "comment": "All good"}).content.decode()
    assert client.post(url, {"stars": "5", "comment": "Alice <b>says</b> yes"}).status_code == 200
    rating.refresh_from_db()
    assert (rating.stars, rating.comment, rating.by_name) == (5, "Alice <b>says</b> yes", "Alice Liddel")
    for again in (client.get(url), client.post(url, {"stars": "1"})):
        assert again.status_code == 410
        assert "Alice" not in again.content.decode()
    rating.refresh_from_db()
    assert rating.stars == 5


def test_s24_the_link_works_without_scripts(alice: Customer) -> None:
    _, token = asked(alice, now=timezone.now())
    strict, url = Client(enforce_csrf_checks=True), f"/rate/{token}/"
    html = strict.get(url).content.decode()
    assert "hx-post" not in html
    secret = strict.cookies["herotill_csrf"].value
    assert strict.post(url, {"stars": "4"}, headers={"Origin": "null"}).status_code == 403
    sent = strict.post(url, {"stars": "4", "csrfmiddlewaretoken": secret}, headers={"Origin": "null"})
    assert sent.status_code == 200
    assert Rating.objects.get().stars == 4


def test_s24_a_link_that_is_too_old_or_nobodys_is_over(client: Client, alice: Customer) -> None:
    _, token = asked(alice, now=timezone.now() - timedelta(days=31))
    assert client.get(f"/rate/{token}/").status_code == 410
    assert client.post(f"/rate/{token}/", {"stars": "5"}).status_code == 410
    assert client.get("/rate/no-such-token/").status_code == 410
    with pytest.raises(DomainError, match="no longer valid"):
        ratings.give_by_link(token=links.new(), stars=5, comment="", now=DAY)


def test_a_link_is_made_as_its_mail_goes_out_and_not_after_the_rating(alice: Customer) -> None:
    rating, token = asked(alice)
    ratings.give_by_link(token=token, stars=5, comment="", now=DAY)
    with pytest.raises(DomainError, match="rated before"):
        link_to(rating)


def test_a_rating_that_was_given_stands(alice: Customer) -> None:
    _, token = asked(alice)
    given = ratings.give_by_link(token=token, stars=4, comment="Fine", now=DAY)
    for change in ({"stars": 1}, {"comment": "Awful"}, {"submitted_at": NIGHT}):
        with pytest.raises(IntegrityError, match="stands"), transaction.atomic():
            Rating.objects.filter(pk=given.pk).update(**change)
    assert Rating.objects.filter(pk=given.pk).update(comment="") == 1, "what they wrote can be forgotten"


def test_a_low_rating_opens_a_ticket_for_the_department_in_office_hours(alice: Customer) -> None:
    _, token = asked(alice)
    given = ratings.give_by_link(token=token, stars=2, comment="Nobody called back", now=DAY)
    ticket = given.ticket
    assert ticket
    assert (ticket.origin, ticket.department.name, ticket.assignee) == ("rating", "Support", None)
    assert (ticket.customer, ticket.about_kind, ticket.about_id) == (alice, "rating", given.pk)
    post = ticket.posts.get()
    assert "Nobody called back" in post.text
    assert not post.is_public


def test_outside_the_hours_a_low_rating_goes_to_who_stands_by(alice: Customer) -> None:
    thandi = make_person("Thandi")
    Department.objects.filter(for_ratings=True).update(standby=thandi)
    _, token = asked(alice)
    given = ratings.give_by_link(token=token, stars=1, comment="", now=NIGHT)
    assert given.ticket
    assert given.ticket.assignee == thandi
    thandi.is_active = False
    thandi.save()
    _, token = asked(alice)
    assert ratings.give_by_link(token=token, stars=1, comment="", now=NIGHT).ticket.assignee is None


def test_the_threshold_decides_what_is_low(alice: Customer) -> None:
    HelpdeskRules.objects.update(rating_threshold=0)
    _, token = asked(alice)
    assert ratings.give_by_link(token=token, stars=1, comment="", now=DAY).ticket is None
    HelpdeskRules.objects.update(rating_threshold=3)
    _, token = asked(alice)
    assert ratings.give_by_link(token=token, stars=3, comment="", now=DAY).ticket


def test_naledi_asks_alice_from_her_profile(client: Client, alice: Customer) -> None:
    naledi = make_person("Naledi", "customers.view_customer", *DESK)
    client.force_login(naledi)
    ask = "/helpdesk/ratings/ask/ALI001/"
    assert ask in client.get("/customers/ALI001/widgets/account-details/").content.decode()
    refused = client.post(ask, headers={"HX-Request": "true"})
    assert "switched off in the sales settings" in refused.content.decode()
    switched_on("rate_in_general")
    sent = client.post(ask, headers={"HX-Request": "true"})
    assert sent.status_code == 204
    assert "customer-ratings" in sent.headers["HX-Trigger"]
    assert Message.objects.get(template="rating_general").customer_id == alice.pk
    assert Rating.objects.get().asked_by == naledi
    assert "within the last day" in client.post(ask, headers={"HX-Request": "true"}).content.decode()


def test_dora_neither_sees_the_button_nor_ratings(client: Client, alice: Customer) -> None:
    client.force_login(make_person("Dora", "customers.view_customer"))
    assert "ratings/ask" not in client.get("/customers/ALI001/widgets/account-details/").content.decode()
    rating, _ = asked(alice)
    for url in ("/helpdesk/ratings/", f"/helpdesk/ratings/{rating.pk}/", "/helpdesk/ratings/ask/ALI001/"):
        assert client.get(url).status_code == 403
    assert client.get("/customers/ALI001/widgets/customer-ratings/").status_code == 403


def test_the_card_shows_when_it_was_submitted_and_acknowledged(
    client: Client, alice: Customer, django_assert_max_num_queries: Any
) -> None:
    naledi = make_person("Naledi", "customers.view_customer", *DESK)
    client.force_login(naledi)
    rating, token = asked(alice)
    ratings.give_by_link(token=token, stars=5, comment="", now=DAY)
    for _ in range(9):
        asked(alice)
    with django_assert_max_num_queries(16):
        html = client.get("/customers/ALI001/widgets/customer-ratings/").content.decode()
    assert "Date Submitted" in html
    assert "Date Acknowledged" in html
    assert "Average 5.0 of 1" in html
    ratings.acknowledge(ratings=[rating.pk], actor=naledi, now=NIGHT)


def test_naledi_reads_a_rating_and_acknowledges_it_once(client: Client, alice: Customer) -> None:
    naledi = make_person("Naledi", *DESK)
    rating, token = asked(alice)
    ratings.give_by_link(token=token, stars=5, comment="<script>alert(1)</script>", now=DAY)
    client.force_login(make_person("Sipho", "helpdesk.view_rating"))
    url = f"/helpdesk/ratings/{rating.pk}/"
    html = client.get(url).content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "Acknowledge rating" not in html
    client.post(url)
    rating.refresh_from_db()
    assert rating.acknowledged_at is None, "who may not, does not"
    client.force_login(naledi)
    client.post(url)
    rating.refresh_from_db()
    first = rating.acknowledged_at
    assert (rating.acknowledged_by, first is not None) == (naledi, True)
    client.post(url)
    rating.refresh_from_db()
    assert rating.acknowledged_at == first


def test_the_list_narrows_exports_and_acknowledges_many(client: Client, alice: Customer) -> None:
    client.force_login(make_person("Naledi", *DESK))
    for stars in (1, 3, 5):
        _, token = asked(alice)
        ratings.give_by_link(token=token, stars=stars, comment=f"={stars}+1", now=DAY)
    asked(alice)
    html = client.get("/helpdesk/ratings/", {"stars": "1"}).content.decode()
    assert "★☆☆☆☆" in html
    assert "★★★★★" not in html
    told = client.post("/helpdesk/ratings/list/export/?all=1&state=given", {"format": "csv"})
    content = b"".join(told) if told.streaming else told.content
    assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) == 4
    ids = list(Rating.objects.values_list("pk", flat=True))
    done = client.post(
        "/helpdesk/ratings/list/bulk/acknowledge/",
        {"_given": "1", "ids": ids},
        headers={"HX-Request": "true"},
    )
    assert done.status_code == 204, done.content.decode()
    assert Rating.objects.filter(acknowledged_at__isnull=False).count() == 3, (
        "what was only asked for is not read"
    )


def test_averages_by_month_department_and_person(client: Client, alice: Customer) -> None:
    client.force_login(make_person("Naledi", "helpdesk.see_helpdesk_reports"))
    thabo, network = make_person("Thabo"), make_department("Network")
    for number, stars in enumerate((2, 5, 5)):
        _, token = asked(alice, "ticket", subject_id=number + 1, about=thabo, department=network)
        ratings.give_by_link(token=token, stars=stars, comment="", now=DAY)
    _, token = asked(alice)
    ratings.give_by_link(token=token, stars=3, comment="", now=DAY)
    days = {"first": "2026-11-01", "last": "2026-11-30"}
    page = client.get("/reports/helpdesk/ratings/", days | {"by": "person"}).content.decode()
    assert ("Thabo" in page, "4.00" in page, "Nobody" in page) == (True, True, True)
    for by, expected in (
        ("month", ["2026-11", "4", "3.75"]),
        ("department", ["Network", "3", "4.00"]),
        ("kind", ["Ticket", "3", "4.00"]),
    ):
        told = client.get("/reports/helpdesk/ratings/", days | {"by": by, "format": "csv"})
        content = b"".join(told) if told.streaming else told.content
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert rows[1][:3] == expected
