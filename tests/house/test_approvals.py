"""A second person: Thandi asks, Naledi decides, Dora may not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from herotill import approvals, secrets
from herotill.approvals import deciding, reencryption
from herotill.approvals.counting import waiting_for
from herotill.errors import DomainError
from herotill.messages.services import sending
from herotill.models import ApprovalRequest
from herotill.reference.models import Highsite
from tests.factories import client_of, make_person
from tests.factories.people import in_role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SEE, DECIDE = "house.view_approval", "reference.delete_highsite"
State = ApprovalRequest.State
dropped: list[str] = []


def tower_as_it_is(pk: Any, payload: Any) -> approvals.Subject | None:
    tower = Highsite.objects.filter(pk=pk).first()
    return approvals.Subject(tower.name, "/setup/highsites/", {"town": tower.town}) if tower else None


def describe(pk: Any, payload: Any) -> list[approvals.Row]:
    return [approvals.Row("Town", Highsite.objects.get(pk=pk).town, payload["town"])]


def move(asked: approvals.Asked, actor: Any, now: datetime) -> None:
    if asked.payload["town"] == "Nowhere":
        raise DomainError("There is no such town.")
    Highsite.objects.filter(pk=asked.subject_id).update(town=asked.payload["town"])


@pytest.fixture(autouse=True)
def moving():
    """A kind of this story's own: moving a tower takes a second person; its key is a secret."""
    kind = approvals.ApprovalKind(
        name="move-tower",
        title="Move of a tower",
        permission=DECIDE,
        subject=tower_as_it_is,
        describe=describe,
        carry_out=move,
        dropped=lambda asked, now: dropped.append(asked.payload["key"]),
        secret=frozenset({"key"}),
    )
    dropped.clear()
    yield approvals.kinds.register(kind)
    approvals.kinds.unregister("move-tower")


@pytest.fixture
def thandi():
    return make_person("Thandi", SEE, DECIDE, email="thandi@example.com")


@pytest.fixture
def naledi():
    return make_person("Naledi", SEE, DECIDE)


@pytest.fixture
def tower():
    return Highsite.objects.create(name="Koppie", town="Paarl")


def ask(tower: Highsite, by: Any, town: str = "Ceres") -> ApprovalRequest:
    return approvals.ask(
        kind="move-tower",
        subject_id=tower.pk,
        payload={"town": town, "key": "4471-gate"},
        reason="The lease ends",
        actor=by,
        now=NOW,
    )


def town_of(tower: Highsite) -> str:
    return Highsite.objects.get(pk=tower.pk).town


def test_nothing_changes_until_a_second_person_says_yes(thandi, naledi, tower):
    request = ask(tower, thandi)
    assert town_of(tower) == "Paarl"

    approvals.decide(request=request, approve=True, actor=naledi, now=NOW)
    request.refresh_from_db()
    assert (town_of(tower), request.state, request.decided_by) == ("Ceres", State.APPROVED, naledi)
    with pytest.raises(DomainError, match="decided already"):
        approvals.decide(request=request, approve=True, actor=naledi, now=NOW)


def test_nobody_is_their_own_second_person_nor_one_without_the_right(thandi, tower):
    request, dora = ask(tower, thandi), make_person("Dora", SEE)

    with pytest.raises(DomainError, match="a second person decides"):
        approvals.decide(request=request, approve=True, actor=thandi, now=NOW)
    with pytest.raises(DomainError, match="may not decide"):
        approvals.decide(request=request, approve=True, actor=dora, now=NOW)
    with pytest.raises(IntegrityError, match="approval_is_by_a_second_person"), transaction.atomic():
        ApprovalRequest.objects.filter(pk=request.pk).update(
            state="approved", decided_by=thandi, decided_at=NOW
        )
    assert town_of(tower) == "Paarl"


def test_a_no_has_a_reason_and_tells_the_kind(thandi, naledi, tower):
    request = ask(tower, thandi)
    with pytest.raises(DomainError, match="Say why not"):
        approvals.decide(request=request, approve=False, actor=naledi, now=NOW)

    approvals.decide(request=request, approve=False, answer="Not now", actor=naledi, now=NOW)
    assert (town_of(tower), dropped) == ("Paarl", ["4471-gate"])


def test_what_changed_meanwhile_lapses_instead(thandi, naledi, tower):
    request = ask(tower, thandi)
    Highsite.objects.filter(pk=tower.pk).update(town="Wellington")

    with pytest.raises(DomainError, match="has changed since"):
        approvals.decide(request=request, approve=True, actor=naledi, now=NOW)
    request.refresh_from_db()
    assert (town_of(tower), request.state, request.decided_by) == ("Wellington", State.LAPSED, None)


def test_what_cannot_be_done_stays_open(thandi, naledi, tower):
    request = ask(tower, thandi, "Nowhere")

    with pytest.raises(DomainError, match="no such town"):
        approvals.decide(request=request, approve=True, actor=naledi, now=NOW)
    request.refresh_from_db()
    assert request.state == State.OPEN


def test_one_request_waits_for_a_subject_and_its_asker_takes_it_back(thandi, naledi, tower):
    request = ask(tower, thandi)
    with pytest.raises(DomainError, match="already waits"):
        ask(tower, naledi, "Worcester")
    with pytest.raises(DomainError, match="Only the person who asked"):
        approvals.withdraw(request=request, actor=naledi, now=NOW)

    approvals.withdraw(request=request, actor=thandi, now=NOW)
    assert ask(tower, naledi, "Worcester").is_open


def test_what_nobody_decides_lapses_after_thirty_days(thandi, tower):
    request = ask(tower, thandi)

    assert deciding.lapse_old(now=NOW + timedelta(days=30)) == 0
    assert deciding.lapse_old(now=NOW + timedelta(days=31)) == 1
    request.refresh_from_db()
    assert (request.state, request.answer) == (State.LAPSED, "Nobody decided within 30 days.")


def test_what_was_asked_is_never_rewritten(thandi, tower):
    request = ask(tower, thandi)
    for change in ({"payload": {"town": "Elsewhere"}}, {"reason": "Another"}, {"asked_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApprovalRequest.objects.filter(pk=request.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        request.delete()


def test_secrets_of_a_request_are_kept_encrypted_and_go_over_to_a_new_key(thandi, naledi, tower, settings):
    request = ask(tower, thandi)
    token = ApprovalRequest.objects.get().payload["key"]
    assert "4471" not in token
    assert secrets.decrypt(token) == "4471-gate"

    settings.FIELD_ENCRYPTION_KEYS = ["a new key of the house", *settings.FIELD_ENCRYPTION_KEYS]
    assert list(reencryption.payloads()) == [1]
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[:1]
    approvals.decide(request=request, approve=False, answer="No", actor=naledi, now=NOW)
    assert dropped == ["4471-gate"]


def test_every_administrator_is_told_and_whoever_asked_hears_the_answer(thandi, naledi, tower):
    in_role("Ada", "administrator", email="ada@example.com")
    in_role("Bea", "administrator", email="bea@example.com")
    request = ask(tower, thandi)
    approvals.decide(request=request, approve=True, actor=naledi, now=NOW)
    sending.send_mail(NOW)

    told = sorted((each.to[0], each.subject.partition(":")[0]) for each in mail.outbox)
    asked, done = "Move of a tower waits for a second person", "Move of a tower approved"
    assert told == [
        ("ada@example.com", done),
        ("ada@example.com", asked),
        ("bea@example.com", done),
        ("bea@example.com", asked),
        ("thandi@example.com", done),
    ]
    assert "Thandi (thandi) asked on 2026-11-22 at 10:00" in mail.outbox[0].body


def test_the_page_shows_old_beside_new_to_whoever_decides(thandi, naledi, tower):
    request = ask(tower, thandi)
    page = f"/approvals/{request.pk}/"

    theirs = client_of(naledi).get(page).content.decode()
    assert "<del>Paarl</del>" in theirs
    assert "<ins>Ceres</ins>" in theirs
    assert 'value="approve"' in theirs
    assert "4471" not in theirs
    own = client_of(thandi).get(page).content.decode()
    assert "Take it back" in own
    assert 'value="approve"' not in own
    assert client_of(make_person("Dora")).get(page).status_code == 403


def test_the_page_takes_the_answer(thandi, naledi, tower):
    first = ask(tower, thandi)
    page, client = f"/approvals/{first.pk}/", client_of(naledi)

    refused = client.post(page, {"outcome": "refuse", "answer": ""})
    assert (refused.status_code, "Say why not" in refused.content.decode()) == (422, True)
    assert client_of(thandi).post(page, {"outcome": "approve"}).status_code == 422
    assert client.post(page, {"outcome": "approve"}).status_code == 302
    assert town_of(tower) == "Ceres"
    second = ask(tower, thandi, "Robertson")
    assert client_of(thandi).post(f"/approvals/{second.pk}/withdraw/").status_code == 302
    second.refresh_from_db()
    assert second.state == State.WITHDRAWN


def test_the_list_has_open_ones_first_and_the_navigation_counts_mine(
    thandi, naledi, tower, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        ask(tower, thandi)
        paarl = Highsite.objects.create(name="Paarl Rock", town="Paarl")
        approvals.decide(request=ask(paarl, thandi), approve=True, actor=naledi, now=NOW)

    listed = client_of(naledi).get("/approvals/").content.decode()
    assert listed.index(">Koppie<") < listed.index(">Paarl Rock<")
    assert (waiting_for(naledi), waiting_for(thandi), waiting_for(make_person("Dora", SEE))) == (1, 0, 0)
    assert 'title="1 waiting"' in listed
    with django_capture_on_commit_callbacks(execute=True):
        ask(paarl, naledi, "Ceres")
    assert (waiting_for(naledi), waiting_for(thandi)) == (1, 1)
