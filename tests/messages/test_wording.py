"""What templates say: edited, previewed, taken back; and with bank details only by two people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core import mail

from herotill import approvals
from herotill.errors import DomainError
from herotill.messages.models import Wording
from herotill.messages.policies.previewing import preview
from herotill.messages.selectors.wordings import current, waiting
from herotill.messages.services import outbox, sending, wording
from herotill.messages.templates import Field, Template, templates
from herotill.models import ApprovalRequest
from herotill.users.models import User
from tests.factories.people import client_of, in_role
from tests.messages.conftest import BILL, WORD

pytestmark = pytest.mark.django_db
PAY = Template(
    name="test-pay",
    title="How to pay",
    group="Tests",
    channel="email",
    subject="How to pay",
    text="Pay here:\n{bank_details}",
    fields=(Field("bank_details", "Our account", "First National, 62…", bank=True),),
)


@pytest.fixture(autouse=True)
def _pay() -> Iterator[None]:
    templates.register(PAY)
    yield
    templates.unregister(PAY.name)


@pytest.fixture
def thandi() -> User:
    return in_role("Thandi", "manager", email="thandi@isp.example")


@pytest.fixture
def naledi() -> User:
    return in_role("Naledi", "administrator", email="naledi@isp.example")


def save(template: Template, text: str, actor: User, now: datetime, subject: str = "A subject") -> Wording:
    return wording.save(template=template, subject=subject, text=text, actor=actor, now=now, reason="Clearer")


def test_a_new_text_is_used_at_once_kept_and_taken_back(thandi: User, now: datetime) -> None:
    save(BILL, "Hi {name}", thandi, now, "Bill {number}")
    outbox.queue(template="test-bill", to="a@example.com", context={"name": "A", "number": "7"}, now=now)
    sending.send_mail(now)
    assert (mail.outbox[0].subject, mail.outbox[0].body) == ("Bill 7", "Hi A")
    wording.reset(template=BILL, actor=thandi, now=now)
    assert current(["test-bill"])["test-bill"] == (BILL.subject, BILL.text, None)
    assert list(Wording.objects.values_list("number", "reset")) == [(2, True), (1, False)]


@pytest.mark.parametrize("text", ["Dear {nobody}", "{{ name }}", "Pay to 62012345678", " "])
def test_s19_what_is_no_template_is_refused(thandi: User, now: datetime, text: str) -> None:
    with pytest.raises(DomainError):
        save(BILL, text, thandi, now)
    assert not Wording.objects.exists()


def test_a_preview_shows_examples_and_counts_parts() -> None:
    shown = preview(BILL, "Bill {number}", "Hi {name}\n")
    assert (shown.subject, shown.text) == ("Bill INV00699", "Hi Thandi Mokoena\n")
    assert preview(WORD, "", "ž" * 71).parts == 2


def test_s06_a_text_that_prints_bank_details_waits_for_a_second_person(
    thandi: User, naledi: User, now: datetime
) -> None:
    made = save(PAY, "Please pay here: {bank_details}", thandi, now)
    assert (made.state, current([PAY.name])[PAY.name][1]) == ("waits", PAY.text)
    with pytest.raises(DomainError, match="waits for a second person already"):
        save(PAY, "Again {bank_details}", thandi, now)
    request = ApprovalRequest.objects.get()
    with pytest.raises(DomainError, match="second person"):
        approvals.decide(request=request, approve=True, actor=thandi, now=now)
    approvals.decide(request=request, approve=True, actor=naledi, now=now)
    assert current([PAY.name])[PAY.name][1] == "Please pay here: {bank_details}"


def test_s06_taking_the_field_out_waits_too_and_a_no_changes_nothing(
    thandi: User, naledi: User, now: datetime
) -> None:
    save(PAY, "Ask us how to pay.", thandi, now)
    assert waiting(PAY.name) is not None
    approvals.decide(request=ApprovalRequest.objects.get(), approve=False, answer="No", actor=naledi, now=now)
    assert (waiting(PAY.name), current([PAY.name])[PAY.name][1]) == (None, PAY.text)
    assert Wording.objects.get().state == "dropped"


def test_s06_on_the_screen_it_asks_who_one_is_again(thandi: User) -> None:
    thandi.set_password("correct horse battery")
    thandi.save()
    desk = client_of(thandi)
    page = f"/setup/templates/{PAY.name}/"
    typed = {"subject": "How", "text": "Pay {bank_details}", "reason": "Clearer"}
    assert b"Confirm that it is you" in desk.post(page, typed).content
    assert not Wording.objects.exists()
    confirmed = typed | {"confirm-password": "correct horse battery", "confirm-of": "POST"}
    assert desk.post(page, confirmed).status_code == 302
    assert Wording.objects.get().state == "waits"
    assert b"waits for a second person" in desk.get(page).content
