"""Webhooks: told once a fact, signed over moment and body, tried again, replayed, never inside our network (s20)."""

from __future__ import annotations

import hmac
import itertools
import json
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from herotill import events, outward
from herotill.api.models import Delivery, Webhook
from herotill.api.services import owing, telling, webhooks
from herotill.errors import DomainError
from herotill.models import AuditEvent, Fact
from tests.api.listening import OPENED, Listener, hook_of, send
from tests.factories import make_customer, make_person
from tests.factories.helpdesk import make_ticket

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ALL = ("api.see_webhooks", "api.change_webhooks")


@pytest.mark.django_db
def test_a_ticket_is_told_once_with_codes_and_figures_and_no_names(listener: Listener) -> None:
    hook_of(listener)
    ticket = make_ticket(make_customer("Alice Liddel", "ALI001"), "Alice's radio")
    for _ in range(2):
        events.hand_out(timezone.now())
        send()

    assert len(listener.heard) == 1
    path, _, body = listener.heard[0]
    said = json.loads(body)
    assert path == "/told?from=us"
    assert (said["kind"], said["customer"]) == (OPENED, "ALI001")
    assert said["subject"] == {"kind": "ticket", "id": ticket.pk}
    assert "Liddel" not in json.dumps(said)
    assert Delivery.objects.get().state == "told"


def test_s20_words_that_people_wrote_are_told_nobody() -> None:
    fact = Fact(
        pk=1, kind="data-account.suspended", at=NOW, data={"username": "alice", "reason": "Alice moved out"}
    )
    assert owing.body(fact, {})["data"] == {"username": "alice"}


@pytest.mark.django_db
def test_what_was_not_asked_for_and_what_was_before_is_not_told(listener: Listener) -> None:
    make_ticket(make_customer("Alice Liddel", "ALI001"))
    events.hand_out(timezone.now())
    hook_of(listener, "ticket.closed")
    make_ticket(make_customer("Bob Smith", "BOB001"))
    events.hand_out(timezone.now())
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_s20_what_is_told_is_signed_over_moment_and_body(listener: Listener) -> None:
    _, secret = hook_of(listener)
    make_ticket(make_customer("Alice Liddel", "ALI001"))
    events.hand_out(timezone.now())
    send()

    _, headers, body = listener.heard[0]
    moment = headers["HeroTill-Timestamp"]
    signed = hmac.new(secret.encode(), moment.encode() + b"." + body, "sha256").hexdigest()
    assert headers["HeroTill-Signature"] == signed
    assert signed != telling.sign(secret, timestamp=int(moment) + 1, body=body)
    assert signed != telling.sign(secret, timestamp=int(moment), body=body + b" ")


@pytest.mark.django_db
def test_trouble_is_tried_again_later_and_given_up_in_the_end(listener: Listener) -> None:
    hook_of(listener)
    make_ticket(make_customer("Alice Liddel", "ALI001"))
    events.hand_out(timezone.now())
    listener.says = [500] * 99
    send()
    one = Delivery.objects.get()
    assert (one.state, one.status, one.tries, one.said) == ("owed", 500, 1, "It answered 500.")
    assert send() == ""  # not before its time

    at = timezone.now()
    while Delivery.objects.get().state == "owed":
        at = Delivery.objects.get().next_at
        telling.send_due(at)
    one.refresh_from_db()
    assert (one.state, one.tries) == ("given_up", len(telling.PAUSES) + 1)

    listener.says = []
    telling.replay(delivery=one, now=timezone.now())
    send()
    one.refresh_from_db()
    assert (one.state, one.status) == ("told", 200)
    assert len({body for _, _, body in listener.heard}) == 1


@pytest.mark.django_db
def test_what_it_answers_is_shown_nowhere(listener: Listener, client: Client) -> None:
    hook, _ = hook_of(listener)
    make_ticket(make_customer("Alice Liddel", "ALI001"))
    events.hand_out(timezone.now())
    listener.says = [404]
    send()
    client.force_login(make_person("Chief", *ALL))
    shown = client.get(f"/setup/webhooks/{hook.pk}/").content.decode()
    assert "It answered 404." in shown
    assert "its words" not in shown


@pytest.mark.django_db
def test_a_paused_webhook_is_told_later(listener: Listener, client: Client) -> None:
    hook, _ = hook_of(listener)
    client.force_login(make_person("Chief", *ALL))
    client.post(f"/setup/webhooks/{hook.pk}/pause/")
    make_ticket(make_customer("Alice Liddel", "ALI001"))
    events.hand_out(timezone.now())
    send()
    assert listener.heard == []

    client.post(f"/setup/webhooks/{hook.pk}/pause/", {"on": "1"})
    send()
    assert len(listener.heard) == 1


def owed(hook: Webhook, count: int) -> None:
    Delivery.objects.bulk_create(
        Delivery(webhook=hook, fact_id=number, kind=OPENED, body="{}", next_at=NOW) for number in range(count)
    )


@pytest.mark.django_db(transaction=True)
def test_who_is_killed_while_telling_loses_it_and_another_tells(listener: Listener) -> None:
    owed(hook_of(listener)[0], 1)
    assert len(telling._claim(NOW)) == 1  # and was killed
    assert telling.send_due(NOW) == ""
    assert telling.send_due(NOW + telling.HELD) == "1 tried."
    assert (Delivery.objects.get().state, len(listener.heard)) == ("told", 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_each_thing_once(listener: Listener) -> None:
    owed(hook_of(listener)[0], 50)
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        try:
            telling.send_due(NOW)
        finally:
            connections.close_all()

    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(listener.heard) == 50
    assert set(Delivery.objects.values_list("state", "tries")) == {("told", 1)}


@pytest.mark.django_db
def test_many_go_over_one_line(listener: Listener) -> None:
    owed(hook_of(listener)[0], 50)
    telling.send_due(NOW)
    assert (len(listener.heard), listener.lines) == (50, 1)


def silent(name: str, port: int = 1) -> Webhook:
    """A webhook at an address where nobody listens."""
    return Webhook.objects.create(name=name, url=f"http://127.0.0.1:{port}/", kinds=[OPENED], made_at=NOW)


@pytest.mark.django_db
def test_one_that_is_set_up_wrongly_keeps_no_other_waiting(listener: Listener) -> None:
    """A name that can be none, and a secret that no key opens."""
    named = Webhook.objects.create(
        name="Named", url=f"https://{'a' * 64}.example/", kinds=[OPENED], made_at=NOW
    )
    locked = silent("Locked")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE api_webhook SET secret = 'gAAAAA' WHERE id = %s", [locked.pk])
    good, _ = hook_of(listener)
    for hook in (named, locked, good):
        owed(hook, 1)

    assert telling.send_due(NOW) == "3 tried."
    assert set(Delivery.objects.values_list("webhook__name", "state", "tries")) == {
        ("Named", "owed", 1),
        ("Locked", "owed", 1),
        ("Stock", "told", 1),
    }
    assert "could not be told" in Delivery.objects.get(webhook=locked).said


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["none", "99999999999"])
def test_an_answer_of_any_length_is_one_try_and_no_more(listener: Listener, length: str) -> None:
    owed(hook_of(listener)[0], 1)
    listener.length = length
    assert telling.send_due(NOW) == "1 tried."
    assert Delivery.objects.get().tries == 1


@pytest.mark.django_db
def test_who_does_not_answer_is_tried_once_and_waits_behind_the_others(listener: Listener) -> None:
    dead = silent("Dead")
    owed(dead, 30)
    owed(hook_of(listener)[0], 5)
    assert telling.send_due(NOW) == "6 tried."
    assert len(listener.heard) == 5
    assert Delivery.objects.filter(webhook=dead, tries=1).count() == 1
    assert not Delivery.objects.filter(webhook=dead, next_at__lte=NOW).exists()
    assert telling.send_due(NOW + telling.LEFT * 2) == "1 tried."


@pytest.mark.django_db
def test_a_round_ends_and_gives_back_what_it_did_not_come_to(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed(hook_of(listener)[0], 5)
    moments = iter([0.0, *[1.0] * 7, *[telling.ROUND] * 99])
    monkeypatch.setattr(telling, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    telling.send_due(NOW)
    told = Delivery.objects.filter(state="told").count()
    assert 0 < told < 5
    assert Delivery.objects.filter(state="owed", tries=0).count() == 5 - told


@pytest.mark.django_db
def test_what_is_claimed_late_in_a_round_is_held_from_then_on(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed(hook_of(listener)[0], telling.AT_ONCE + 1)
    claimed: list[datetime] = []
    really = telling._claim

    def claim(now: datetime, **but: Any) -> list[Delivery]:
        claimed.append(now)
        return really(now, **but)

    moments = itertools.count(0.0, 0.5)
    monkeypatch.setattr(telling, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    monkeypatch.setattr(telling, "_claim", claim)
    telling.send_due(NOW)
    assert claimed[1] >= NOW + timedelta(seconds=20)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/told",
        "https://10.0.0.1/told",
        "https://[::1]/told",
        "https://169.254.169.254/latest",
        "http://stock.example/told",
        "ftp://stock.example/",
        "https://name:word@stock.example/",
        "https://:word@stock.example/",
        "https://",
        "nonsense",
        "https://[/",
    ],
)
def test_s20_no_webhook_goes_inside_or_in_the_open(url: str, settings: Any) -> None:
    settings.OUTBOUND_ALLOW = []
    with pytest.raises(DomainError):
        webhooks.add(name="Stock", url=url, kinds=[OPENED], actor=make_person("Thabo"), now=NOW)


@pytest.mark.django_db
def test_s20_a_name_that_leads_inside_is_not_called(listener: Listener, settings: Any) -> None:
    hook_of(listener)
    make_ticket(make_customer("Alice Liddel", "ALI001"))
    events.hand_out(timezone.now())
    settings.OUTBOUND_ALLOW = []
    send()
    assert listener.heard == []
    assert "inside our own network" in Delivery.objects.get().said


@pytest.mark.django_db
def test_s25_no_log_names_the_path_of_a_webhook(listener: Listener, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever knows it may call it: for some programs it is the whole secret."""
    hook_of(listener)
    make_ticket(make_customer("Alice Liddel", "ALI001"))
    events.hand_out(timezone.now())
    with caplog.at_level("INFO"):
        send()
    assert "POST 127.0.0.1: 200" in caplog.text
    assert "/told" not in caplog.text


@pytest.mark.django_db
def test_a_new_secret_changes_nothing_else(listener: Listener) -> None:
    hook, before = hook_of(listener)
    webhooks.pause(hook=hook, paused=True)
    assert webhooks.renew(hook=hook) != before
    assert Webhook.objects.get().paused


@pytest.mark.django_db
def test_s20_another_host_gets_another_secret(listener: Listener) -> None:
    hook, _ = hook_of(listener)
    before = Webhook.objects.get().secret
    same = webhooks.change(hook=hook, name="Stock", url=f"{listener.url}/other", kinds=[OPENED])
    assert (same, Webhook.objects.get().secret) == ("", before)
    new = webhooks.change(hook=hook, name="Stock", url="https://stock.example/told", kinds=[OPENED])
    assert new.startswith("whs_")
    assert Webhook.objects.get().secret != before
    assert new not in str(list(Webhook.objects.values())) + str(list(AuditEvent.objects.values("old", "new")))


@pytest.mark.django_db
def test_the_chief_sets_one_up_and_dora_may_not(listener: Listener, client: Client) -> None:
    dora = make_person("Dora", "api.see_webhooks")
    client.force_login(dora)
    assert client.get("/setup/webhooks/").status_code == 200
    assert client.get("/setup/webhooks/new/").status_code == 403

    client.force_login(make_person("Chief", *ALL))
    session = client.session
    session["confirmed_at"] = timezone.now().isoformat()
    session.save()
    new = {"name": "Stock", "url": f"{listener.url}/told", "kinds": [OPENED]}
    made = client.post("/setup/webhooks/new/", new)
    assert (made.status_code, b"whs_" in made.content) == (200, True)
    assert client.post("/setup/webhooks/new/", new).status_code == 422
    page = client.get("/setup/webhooks/").content
    assert b"Stock" in page
    assert b"whs_" not in page
    hook = Webhook.objects.get()
    assert client.post(f"/setup/webhooks/{hook.pk}/remove/").status_code == 302
    assert not Webhook.objects.exists()


@pytest.mark.django_db
def test_nobody_at_an_open_screen_takes_a_webhook_away(listener: Listener, client: Client) -> None:
    hook, _ = hook_of(listener)
    client.force_login(make_person("Chief", *ALL))
    asked = client.post(f"/setup/webhooks/{hook.pk}/remove/")
    assert b"Confirm that it is you" in asked.content
    assert Webhook.objects.exists()


@pytest.mark.django_db
def test_the_list_takes_as_many_questions_with_ten_times_the_webhooks(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(make_person("Chief", *ALL))
    client.get("/")
    for number in range(10):
        Webhook.objects.create(
            name=f"Program {number}", url="https://stock.example/", kinds=[OPENED], made_at=NOW
        )
        if number in (0, 9):
            with django_assert_max_num_queries(12):
                client.get("/setup/webhooks/")


@pytest.mark.django_db
def test_what_was_told_is_forgotten_after_thirty_days_and_what_waits_is_not(listener: Listener) -> None:
    hook_of(listener)
    make_ticket(make_customer("Alice Liddel", "ALI001"))
    events.hand_out(timezone.now())
    later = timezone.now() + webhooks.LOG_KEPT * 2
    assert webhooks.forget(later) == ""
    send()
    assert webhooks.forget(later) == "1 deliveries forgotten."


@pytest.mark.django_db
def test_s05_a_copy_tells_nobody_and_counts_no_try(listener: Listener) -> None:
    owed(hook_of(listener)[0], 1)
    outward.disown()
    assert telling.send_due(NOW) == outward.HELD
    assert (listener.heard, Delivery.objects.get().tries, telling.waiting()) == ([], 0, 1)
    outward.take()
    assert telling.send_due(NOW) == "1 tried."
