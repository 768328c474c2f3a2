"""A technician's phone: Thabo sees his own visits, and what his phone sends is done once, whenever it comes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Asset
from customers.services import assets
from dataaccounts.models import Session
from herotill.demo import DemoOrder
from herotill.users.models import User
from tests.factories.customers import make_customer
from tests.factories.data import make_account, make_checked, make_nas, make_session
from tests.factories.people import client_of, in_role, make_person
from tests.factories.products import make_product
from tests.factories.workflow import make_lead
from tests.workflow.test_photos import picture, upload
from workflow.demo.phone import make_visits
from workflow.models import FailReason, JobCard, JobCheck, JobSending, JobType, Survey
from workflow.policies import phone as policy
from workflow.selectors import visits
from workflow.services import job_things, jobs, surveys

pytestmark = pytest.mark.django_db
GLASS = json.dumps([[[10, 10], [500, 400], [900, 20]]])


def today_at(hour: int, days: int = 0) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour)))


@pytest.fixture
def thabo() -> User:
    return in_role("Thabo", "technician")


def repair(
    technician: User, name: str = "Alice Liddel", hour: int = 9, days: int = 0, **fields: Any
) -> JobCard:
    """A job with one thing to tick."""
    card = jobs.open_card(
        customer=make_customer(name),
        job_type=JobType.objects.get(name="Repair"),
        address="1 Rose St\nRobertson",
        actor=None,
        now=today_at(7, days),
        **fields,
    )
    begins = today_at(hour, days)
    return jobs.schedule(card, technician, begins, begins + timedelta(hours=1), None, today_at(8, days))


def survey_of(technician: User, hour: int = 14) -> Survey:
    survey = surveys.ask(lead=make_lead("Bob Baker"), actor=technician, now=today_at(0))
    surveys.schedule(
        survey=survey,
        technician=technician,
        starts_at=today_at(hour),
        ends_at=today_at(hour + 1),
        actor=technician,
        now=today_at(0),
    )
    survey.refresh_from_db()
    return survey


def send(client: Client, card: JobCard | Survey, kind: str, key: Any = None, **typed: Any) -> Any:
    name = "workflow:my-job-send" if isinstance(card, JobCard) else "workflow:my-survey-send"
    url = reverse(name, args=[card.pk, kind])
    return client.post(url, {"key": key or uuid4(), **typed}, headers={"Accept": "application/json"})


def tick(client: Client, card: JobCard) -> None:
    for item in card.checks.all():
        assert send(client, card, "check", item=item.pk, answer="yes").status_code == 200


def state(card: JobCard) -> str:
    card.refresh_from_db()
    return card.state


def test_the_day_shows_jobs_and_surveys_in_their_order_and_nobody_elses(thabo: User) -> None:
    zola = in_role("Zola", "technician")
    repair(thabo, "Alice Liddel", 15)
    survey_of(thabo, 14)
    repair(thabo, "Carol Cook", 9)
    repair(thabo, "Dawn Dlamini", 9, days=1)
    repair(thabo, "Eve Els", 9, days=3)
    repair(zola, "Frank Fourie", 10)
    page = client_of(thabo).get(reverse("workflow:my-jobs")).content.decode()
    places = [page.index(name) for name in ("Carol Cook", "Bob Baker", "Alice Liddel", "Dawn Dlamini")]
    assert places == sorted(places)
    assert "Eve Els" not in page
    assert "Frank Fourie" not in page
    assert "Eve Els" in client_of(thabo).get(reverse("workflow:my-jobs-later")).content.decode()


def test_what_was_left_over_stays_on_the_list(thabo: User) -> None:
    repair(thabo, "Alice Liddel", 9, days=-2)
    page = client_of(thabo).get(reverse("workflow:my-jobs")).content.decode()
    assert "Not finished" in page
    assert "Alice Liddel" in page


def test_a_job_page_has_the_way_there_and_the_number_to_call(thabo: User) -> None:
    card = repair(thabo)
    answer = client_of(thabo).get(reverse("workflow:my-job", args=[card.pk]))
    page = answer.content.decode()
    assert 'href="geo:0,0?q=1%20Rose%20St%20Robertson"' in page
    assert f'href="tel:{card.customer.contacts.get().phone}"' in page
    assert answer["X-Keep-For"] == str(thabo.pk)
    assert answer["X-Keep-Until"] == str(timezone.localdate())


@pytest.mark.parametrize("kind", ["page", "start"])
def test_others_jobs_are_not_there_but_who_may_do_any_sees_them(thabo: User, kind: str) -> None:
    card, survey = repair(thabo), survey_of(thabo)
    zola, boss = client_of(in_role("Zola", "technician")), client_of(in_role("Mary", "manager"))
    if kind == "start":
        assert send(zola, card, "start").status_code == 404
        assert state(card) == "scheduled"
        return
    assert zola.get(reverse("workflow:my-job", args=[card.pk])).status_code == 404
    assert zola.get(reverse("workflow:my-survey", args=[survey.pk])).status_code == 404
    seen = boss.get(reverse("workflow:my-job", args=[card.pk]))
    assert seen.status_code == 200
    assert "X-Keep-Until" not in seen.headers
    assert client_of(make_person("Dora")).get(reverse("workflow:my-jobs")).status_code == 403


def test_a_whole_job_is_sent_from_the_phone(thabo: User) -> None:
    card, phone = repair(thabo), client_of(thabo)
    assert send(phone, card, "start").json() == {"done": True}
    assert state(card) == "started"
    tick(phone, card)
    send(phone, card, "material", text="Cable CAT5", quantity="20")
    send(
        phone,
        card,
        "equipment",
        description="Radio",
        owner="isp",
        serial_number="F09FC2",
        mac_address="f09fc2-1a2b3c",
    )
    send(phone, card, "photo", photo=upload(picture()), caption="The roof")
    done = send(phone, card, "complete", report="New radio", signed_by="Alice", signature=GLASS)
    assert done.status_code == 200
    assert state(card) == "completed"
    assert (card.signed_by, card.signature) == ("Alice", json.loads(GLASS))
    asset = Asset.objects.get(customer=card.customer)
    assert (asset.serial_number, asset.mac_address) == ("F09FC2", "F0:9F:C2:1A:2B:3C")
    assert asset.installed_on == timezone.localdate()
    assert card.materials.get().text == "Cable CAT5"
    assert card.photos.get().caption == "The roof"
    page = phone.get(reverse("workflow:my-job", args=[card.pk])).content.decode()
    assert "10,10 500,400 900,20" in page


def test_what_comes_twice_is_done_once(thabo: User) -> None:
    card, phone, key = repair(thabo), client_of(thabo), uuid4()
    for _ in range(3):
        assert send(phone, card, "material", key, text="Cable", quantity="20").json() == {"done": True}
    assert card.materials.count() == 1
    assert JobSending.objects.get().key == key


def test_what_comes_too_early_is_refused_keeps_no_key_and_is_done_when_sent_again(thabo: User) -> None:
    card, phone, key = repair(thabo), client_of(thabo), uuid4()
    typed = {"report": "Done", "signed_by": "Alice", "signature": GLASS}
    early = send(phone, card, "complete", key, **typed)
    assert early.status_code == 422
    assert "is not done" in early.json()["said"]
    tick(phone, card)
    assert send(phone, card, "complete", key, **typed).status_code == 200
    assert state(card) == "completed"
    assert send(phone, card, "complete", key, **typed).status_code == 200


def test_what_the_customer_pays_for_has_a_price(thabo: User) -> None:
    card, phone = repair(thabo), client_of(thabo)
    mast, clip = make_product("MAST", "800.00", name="Mast"), make_product("CLIP", None, name="Clip")
    billed = {"quantity": "1", "billed": "on"}
    assert send(phone, card, "material", product=mast.pk, **billed).status_code == 200
    refused = send(phone, card, "material", product=clip.pk, **billed)
    assert refused.status_code == 422
    assert "Clip has no price" in refused.json()["said"]
    assert card.materials.get().product == mast


def test_a_job_called_off_meanwhile_says_so(thabo: User) -> None:
    card, phone = repair(thabo), client_of(thabo)
    jobs.call_off(card, "Customer cancelled", None, timezone.now())
    for kind, typed in (
        ("start", {}),
        ("material", {"text": "Cable", "quantity": "1"}),
        ("photo", {"photo": upload(picture())}),
    ):
        said = send(phone, card, kind, **typed)
        assert said.status_code == 422
        assert "called off" in said.json()["said"]
    assert not JobSending.objects.exists()


def test_a_photo_may_still_come_when_the_job_is_done(thabo: User) -> None:
    card, phone = repair(thabo), client_of(thabo)
    tick(phone, card)
    send(phone, card, "complete", signed_by="Alice", signature=GLASS)
    assert send(phone, card, "photo", photo=upload(picture())).status_code == 200
    refused = send(phone, card, "material", text="Cable", quantity="1")
    assert "nothing is added to it any more" in refused.json()["said"]


def test_a_job_fails_for_a_reason(thabo: User) -> None:
    card, phone = repair(thabo), client_of(thabo)
    assert send(phone, card, "fail", words="Rain").status_code == 422
    weather = FailReason.objects.get(name="Weather")
    assert send(phone, card, "fail", reason=weather.pk, words="Rain").status_code == 200
    assert (state(card), card.fail_reason, card.fail_words) == ("failed", weather, "Rain")


def test_the_phones_clock_counts_within_reason(thabo: User) -> None:
    card, phone = repair(thabo), client_of(thabo)
    now = timezone.now()
    send(phone, card, "start", made_at=(now + timedelta(days=400)).isoformat())
    card.refresh_from_db()
    assert card.started_at
    assert card.started_at <= timezone.now()


def test_a_moment_is_neither_before_what_was_nor_in_the_future() -> None:
    now = datetime(2018, 8, 22, 12, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert policy.moment(now - hour, now - 2 * hour, now) == now - hour
    assert policy.moment(now - 3 * hour, now - 2 * hour, now) == now - 2 * hour
    assert policy.moment(now + hour, None, now) == now
    assert policy.moment(now - timedelta(days=30), None, now) == now


def test_the_signature_may_be_a_typed_name_but_not_nothing_and_not_just_anything(thabo: User) -> None:
    card, phone = repair(thabo), client_of(thabo)
    tick(phone, card)
    assert "has not signed" in send(phone, card, "complete", signed_by="Alice").json()["said"]
    for bad in ("[[[0,0]]]", '"x"', "[[[0,1],[2000,1]]]", '[[["<b>",1],[1,1]]]', "[" * 5000):
        assert send(phone, card, "complete", signed_by="Alice", signature=bad).status_code == 422
    assert send(phone, card, "complete", signed_by="Alice", typed="on").status_code == 200
    card.refresh_from_db()
    assert card.signature == policy.TYPED


def test_the_account_is_tested_by_its_session(thabo: User) -> None:
    customer = make_customer("Alice Liddel")
    account = make_account(customer)
    card = repair(thabo, "Bob Baker")
    JobCard.objects.filter(pk=card.pk).update(customer=customer, account=account)
    card.refresh_from_db()
    phone = client_of(thabo)
    assert "never was" in send(phone, card, "test").json()["said"]
    make_session(account, make_nas())
    assert send(phone, card, "test").status_code == 200
    card.refresh_from_db()
    assert card.tested["address"] == "100.64.0.10"
    page = phone.get(reverse("workflow:my-job", args=[card.pk])).content.decode()
    assert "100.64.0.10" in page
    assert "10 Mbit/s down, 5 Mbit/s up" in page


def repair_to_test(thabo: User, name: str) -> JobCard:
    """A repair that counts as done only once the account was seen online; all else of it is done."""
    JobType.objects.filter(name="Repair").update(tests=True, signature=False)
    card = repair(thabo, name)
    JobCard.objects.filter(pk=card.pk).update(account=make_account(card.customer, f"c{card.pk}@isp.example"))
    card.checks.update(done_at=today_at(8), answer="yes")
    card.refresh_from_db()
    return card


def test_a_test_on_site_lets_the_job_be_completed(thabo: User) -> None:
    card, phone = repair_to_test(thabo, "Alice Liddel"), client_of(thabo)
    make_session(card.account, make_nas())
    assert send(phone, card, "test").status_code == 200
    Session.objects.all().delete()
    assert send(phone, card, "complete").status_code == 200
    assert state(card) == "completed"


def test_a_test_that_is_owed_is_made_when_the_job_is_completed(thabo: User) -> None:
    card, phone = repair_to_test(thabo, "Bob Baker"), client_of(thabo)
    job_things.test_account(job=card, actor=thabo, now=timezone.now())  # The desk saw it offline.
    assert "was not tested" in send(phone, card, "complete").json()["said"]
    make_session(card.account, make_nas())
    assert send(phone, card, "complete").status_code == 200
    assert state(card) == "completed"


def test_equipment_that_stands_in_the_register_is_not_doubled(thabo: User) -> None:
    card, phone = repair(thabo), client_of(thabo)
    for _ in range(2):
        assert (
            send(
                phone, card, "equipment", description="Radio", owner="isp", serial_number="F09FC2"
            ).status_code
            == 200
        )
    assert Asset.objects.count() == 1
    assert send(phone, card, "equipment", description="Radio", owner="isp").status_code == 422


def test_taking_equipment_off_leaves_what_stood_there_before(thabo: User) -> None:
    card, phone = repair(thabo), client_of(thabo)
    assets.add(
        customer=card.customer, values={"description": "Old radio", "serial_number": "F09FC2"}, actor=thabo
    )
    for serial in ("F09FC2", "NEW-1"):
        typed = {"description": "Radio", "owner": "isp", "serial_number": serial}
        assert send(phone, card, "equipment", **typed).status_code == 200
    desk = client_of(in_role("Mary", "manager"))
    for one in card.equipment.all():
        assert desk.post(reverse("workflow:job-equipment-remove", args=[one.pk])).status_code == 302
    assert not card.equipment.exists()
    assert Asset.objects.get().description == "Old radio"


def test_a_photo_ticks_what_asks_for_one(thabo: User) -> None:
    card, phone = repair(thabo), client_of(thabo)
    item = JobCheck.objects.create(
        job=card, text="Photo of the antenna", kind="photo", compulsory=True, position=9
    )
    assert send(phone, card, "photo", photo=upload(picture()), item=item.pk).status_code == 200
    page = phone.get(reverse("workflow:my-job", args=[card.pk])).content.decode()
    assert 'data-text="Photo of the antenna" data-answer="" data-was="yes"' in page
    second = JobCheck.objects.create(job=card, text="Photo of the cable", kind="photo", position=10)
    said = send(phone, card, "photo", photo=upload(picture()), item=second.pk).json()["said"]
    assert "shows “Photo of the antenna” already" in said
    assert send(phone, card, "check", item=second.pk, answer="later").status_code == 422
    other = JobCheck.objects.create(job=repair(thabo, "Carol Cook"), text="X", kind="tick", compulsory=True)
    assert send(phone, card, "check", item=other.pk, answer="yes").status_code == 422


def test_a_survey_is_written_down_on_the_phone_once(thabo: User) -> None:
    survey, phone, key = survey_of(thabo), client_of(thabo), uuid4()
    typed = {"outcome": "feasible", "line_of_sight": "yes", "signal": "-60", "cost": "1500"}
    for _ in range(2):
        assert send(phone, survey, "found", key, **typed).status_code == 200
    assert send(phone, survey, "photo", photo=upload(picture())).status_code == 200
    survey.refresh_from_db()
    assert (survey.state, survey.signal) == ("done", -60)
    assert "wrote down already" in send(phone, survey, "found", **typed).json()["said"]
    assert survey.photos.count() == 1


def test_without_a_script_a_form_answers_with_its_page(thabo: User) -> None:
    card, phone = repair(thabo), client_of(thabo)
    url = reverse("workflow:my-job-send", args=[card.pk, "material"])
    refused = phone.post(url, {"key": uuid4(), "text": "20 m of cable", "quantity": ""})
    assert refused.status_code == 422
    assert "20 m of cable" in refused.content.decode()
    assert phone.post(url, {"key": uuid4(), "text": "Cable", "quantity": "1"}).status_code == 302


def test_the_line_says_who_is_there_and_nobody_without_the_right(thabo: User) -> None:
    found = client_of(thabo).get(reverse("workflow:my-jobs-line"))
    assert found.json()["person"] == thabo.pk
    assert Client().get(reverse("workflow:my-jobs-line")).status_code == 302
    assert client_of(make_person("Dora")).get(reverse("workflow:my-jobs-line")).status_code == 403


def test_the_worker_is_a_script_below_the_pages_it_keeps(thabo: User) -> None:
    found = client_of(thabo).get(reverse("workflow:my-jobs-worker"))
    assert found["Content-Type"].startswith("text/javascript")
    assert "worker-src 'self'" in found["Content-Security-Policy"]
    assert reverse("workflow:my-jobs-worker").startswith(reverse("workflow:my-jobs"))


def test_a_token_that_is_wrong_sends_nothing(thabo: User) -> None:
    card = repair(thabo)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(thabo)
    assert send(strict, card, "start").status_code == 403
    token = strict.get(reverse("workflow:my-jobs-line")).json()["csrf"]
    url = reverse("workflow:my-job-send", args=[card.pk, "start"])
    assert strict.post(url, {"key": uuid4()}, headers={"X-CSRFToken": token}).status_code == 302


def test_the_start_page_leads_to_the_visits_of_today_and_to_nothing_where_there_are_none(
    thabo: User,
) -> None:
    repair(thabo, "Alice Liddel", 9)
    repair(thabo, "Carol Cook", 9, days=-1)
    repair(thabo, "Dan Door", 9, days=1)
    survey_of(thabo, 14)

    page = client_of(thabo).get("/").content.decode()
    assert visits.waiting(thabo, timezone.localdate()) == (3, 1)
    assert ("Jobs and surveys of yours" in page, "1 not finished" in page) == (True, True)
    assert f'href="{reverse("workflow:my-jobs")}"' in page
    zola = client_of(in_role("Zola", "technician")).get("/").content.decode()
    assert "Jobs and surveys of yours" not in zola


def test_the_phone_says_beforehand_that_nobody_was_checked(thabo: User) -> None:
    card = repair(thabo)
    JobCard.objects.filter(pk=card.pk).update(job_type=JobType.objects.filter(installs=True).first())
    account = make_account(card.customer, "alice@isp.example", state="waiting")
    JobCard.objects.filter(pk=card.pk).update(account=account)
    url = reverse("workflow:my-job", args=[card.pk])

    assert "Not checked yet: identity and address" in client_of(thabo).get(url).content.decode()
    make_checked(card.customer)
    assert "Not checked yet" not in client_of(thabo).get(url).content.decode()


def test_the_pages_ask_little(thabo: User, django_assert_max_num_queries) -> None:
    cards = [repair(thabo, f"Customer {n}", 8 + n) for n in range(6)]
    phone = client_of(thabo)
    phone.get(reverse("workflow:my-jobs"))
    with django_assert_max_num_queries(12):
        phone.get(reverse("workflow:my-jobs"))
    with django_assert_max_num_queries(26):
        phone.get(reverse("workflow:my-job", args=[cards[0].pk]))


def test_the_demo_gives_the_technician_a_day_once(thabo: User) -> None:
    User.objects.filter(pk=thabo.pk).update(username="technician")
    for n in range(5):
        make_account(make_customer(f"Customer {n}"), f"c{n}@isp.example")
    for place in ("survey-new", "survey-scheduled", "survey-done", "quote-sent"):
        make_lead(f"Lead {place}", step_id=place, created_at=today_at(0, -9), step_since=today_at(0, -6))
    order = DemoOrder(customers=5, months=0, seed=1, today=timezone.localdate(), say=lambda text: None)
    for _ in range(2):
        make_visits(order)
    assert JobCard.objects.count() == 5
    assert Survey.objects.filter(state="scheduled").count() == 1
    assert Survey.objects.get(lead__step="survey-done").outcome == "not_feasible"
    page = client_of(thabo).get(reverse("workflow:my-jobs")).content.decode()
    assert page.count("data-visit") == 6


def test_an_account_that_waits_is_switched_on_on_site_and_can_be_tested_then(thabo: User) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    account = make_account(alice, "alice@isp.example", state="waiting")
    kind = JobType.objects.get(name="Installation")
    card = jobs.open_card(customer=alice, job_type=kind, account=account, actor=None, now=today_at(7))
    card = jobs.schedule(card, thabo, today_at(9), today_at(11), None, today_at(8))
    phone = client_of(thabo)
    assert "Switch the account on" in phone.get(reverse("workflow:my-job", args=[card.pk])).content.decode()
    assert "not switched on yet" in send(phone, card, "test").json()["said"]
    refused = send(phone, card, "connect")
    assert refused.status_code == 422
    make_checked(alice)
    key = uuid4()
    for _ in range(2):
        assert send(phone, card, "connect", key).json() == {"done": True}
    account.refresh_from_db()
    assert account.state == "active"
    make_session(account, make_nas())
    assert send(phone, card, "test").json() == {"done": True}
    assert (
        "Switch the account on" not in phone.get(reverse("workflow:my-job", args=[card.pk])).content.decode()
    )


def test_the_phone_asks_the_rights_that_the_desk_asks() -> None:
    riaan = make_person("Riaan", "workflow.view_jobcard", "workflow.do_jobcard")
    client, survey, job = client_of(riaan), survey_of(riaan), repair(riaan)
    assert send(client, survey, "found", outcome="feasible").status_code == 403
    assert send(client, survey, "photo", photo=upload(picture())).status_code == 403
    assert send(client, job, "photo", photo=upload(picture())).status_code == 403
    tick(client, job)
    survey.refresh_from_db()
    assert (survey.state, survey.photos.count(), job.photos.count()) == ("scheduled", 0, 0)
