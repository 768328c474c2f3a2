"""Suspension on its screens: the Accounts Workflow, the preview, the case, the card, the rules."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from billing.models import SuspensionCase, SuspensionRules, SuspensionTerms
from billing.services import suspensions
from customers.models import Customer
from herotill.lists import lists
from herotill.models import Run
from tests.factories import make_customer, make_person
from tests.factories.data import make_account
from tests.factories.suspensions import at, case_of, make_debtor, switch_on

pytestmark = pytest.mark.django_db
LIST, PREVIEW = "/billing/suspensions/", "/billing/suspensions/preview/"
CARD = "/customers/BOB001/widgets/suspension-details/"
RIGHTS = (
    "customers.view_customer",
    "billing.view_suspensioncase",
    "billing.view_suspensionterms",
    "billing.change_suspensionterms",
    "billing.approve_suspension",
    "billing.pause_suspension",
    "billing.reset_suspension",
    "billing.suspend_customer",
    "billing.run_suspensions",
)


@pytest.fixture
def bob():
    switch_on()
    due = timezone.localdate() - timedelta(days=40)
    return make_debtor(make_customer("Bob Hatter", "BOB001"), due=due)


@pytest.fixture
def greta(client):
    client.force_login(make_person("Greta", *RIGHTS))
    return client


def listed(bob):
    today = timezone.localdate()
    suspensions.run(today, at(today))
    return case_of(bob)


def in_business_hours(monkeypatch):
    """Whenever this test runs, it is within the hours for suspending."""
    monkeypatch.setattr("billing.policies.collection_days.may_suspend", lambda *_: True)


def test_the_workflow_lists_cases_with_what_comes_next(greta, bob, django_assert_max_num_queries):
    case = listed(bob)
    with django_assert_max_num_queries(30):
        page = greta.get(LIST).content.decode()
    assert "Accounts Workflow" in page
    assert "Bob Hatter" in page
    assert "Waits for approval" in page
    assert "R 454.00" in page
    assert "Bob Hatter" not in greta.get(f"{LIST}?state=suspended").content.decode()

    chosen = {"ids": case.pk, "_given": "1"}
    said = greta.post(f"{LIST}list/bulk/approve/", chosen)
    assert said.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.approved_by.username) == ("approved", "greta")


def test_all_that_match_are_approved_paused_and_reset_at_once(greta, bob):
    carol = make_debtor(make_customer("Carol Queen", "CAR001"), due=timezone.localdate() - timedelta(days=30))
    listed(bob)
    greta.post(f"{LIST}list/bulk/approve/", {"matching": "on", "_given": "1"})
    assert set(SuspensionCase.objects.values_list("state", flat=True)) == {"approved"}
    greta.post(f"{LIST}list/bulk/pause/", {"matching": "on", "_given": "1", "days": "4", "why": "Holidays"})
    assert set(SuspensionCase.objects.values_list("paused_until", flat=True)) == {
        timezone.localdate() + timedelta(days=4)
    }
    refused = greta.post(f"{LIST}list/bulk/reset/", {"matching": "on", "_given": "1", "reason": ""})
    assert refused.status_code == 422
    greta.post(f"{LIST}list/bulk/reset/", {"matching": "on", "_given": "1", "reason": "Flood in town"})
    assert case_of(carol).ended_why == "Flood in town"


def test_the_preview_says_what_the_run_then_does(greta, bob):
    before = greta.get(PREVIEW).content.decode()
    assert "List for approval" in before
    assert "days count from" in before
    file = b"".join(greta.get(f"{PREVIEW}file/?format=csv").streaming_content).decode()
    assert "BOB001" in file
    begun = greta.post(f"{LIST}run/")
    run = Run.objects.get(kind="suspensions")
    assert begun.url == f"/runs/{run.pk}/"
    listed(bob)
    assert "nothing to do" in greta.get(PREVIEW).content.decode()


def test_a_case_shows_its_history_and_is_decided_about(greta, bob):
    case = listed(bob)
    url = f"{LIST}{case.pk}/"
    assert "Waits for approval" in greta.get(url).content.decode()
    assert greta.post(f"{url}approve/").status_code in (200, 204, 302)
    assert greta.get(f"{url}pause/").status_code == 200
    greta.post(f"{url}pause/", {"days": "2"})
    assert greta.post(f"{url}reset/", {"reason": ""}).status_code == 422
    greta.post(f"{url}reset/", {"reason": "Agreed on terms"})
    page = greta.get(url).content.decode()
    assert "Agreed on terms" in page
    assert "Paused" in page
    why = greta.get("/billing/suspensions/why/BOB001/").content.decode()
    assert "counts as overdue" in why
    assert "R 454.00 of R 454.00 is open" in why


def test_approving_a_master_names_the_sub_accounts_that_are_overdue(greta, bob):
    sub = make_customer("Mad March", "MAR001", master=bob)
    make_debtor(sub, due=timezone.localdate() - timedelta(days=30))
    case = listed(bob)
    dialog = greta.get(f"{LIST}{case.pk}/approve/").content.decode()
    assert "Mad March (MAR001)" in dialog
    greta.post(f"{LIST}{case.pk}/approve/", {"subs": "on"})
    assert case_of(sub).state == "approved"


def test_the_card_shows_and_changes_what_holds_for_bob(greta, bob, django_assert_max_num_queries):
    with django_assert_max_num_queries(26):
        card = greta.get(CARD).content.decode()
    for words in ("Suspension disabled", "Use group default settings", "2nd notification goes out (days)"):
        assert words in card
    wrong = greta.post(
        f"{CARD}edit/", {"overdue_days": "9", "second_notice_days": "8", "suspension_days": "7"}
    )
    assert wrong.status_code == 422
    greta.post(f"{CARD}edit/", {"overdue_days": "50", "second_notice_days": "55", "suspension_days": "60"})
    assert SuspensionTerms.objects.get(customer=bob).overdue_days == 50
    assert "List for approval from" in greta.get(CARD).content.decode()
    assert not SuspensionTerms.objects.get(customer=bob).disabled


def test_only_with_the_right_is_somebody_never_suspended(client, bob):
    client.force_login(make_person("Chief", *RIGHTS, "billing.disable_suspension"))
    case = listed(bob)
    assert client.post(f"{CARD}edit/", {"disabled": "on", "use_group": "on"}).status_code == 422
    client.post(f"{CARD}edit/", {"disabled": "on", "disabled_why": "Clinic", "use_group": "on"})
    case.refresh_from_db()
    assert (case.state, SuspensionTerms.objects.get().disabled) == ("ended", True)
    assert "Never suspended" in client.get(CARD).content.decode()


def test_the_red_button_says_what_it_does_and_does_it(greta, bob, monkeypatch):
    account = make_account(bob, "bob@isp.example")
    in_business_hours(monkeypatch)
    dialog = greta.get("/billing/suspensions/at-once/BOB001/").content.decode()
    assert "1 data account (bob@isp.example)" in dialog
    greta.post("/billing/suspensions/at-once/BOB001/", {"reason": "Cheque bounced"})
    account.refresh_from_db()
    assert account.state == "suspended"
    page = greta.get("/customers/BOB001/").content.decode()
    assert "Suspended since" in page
    assert "Suspend now" not in greta.get(CARD).content.decode()


def test_the_customer_list_narrows_by_suspension(greta, bob):
    make_customer("Alice Liddel", "ALI001")
    case = listed(bob)
    found = greta.get("/customers/?suspension=listed").content.decode()
    assert "Bob Hatter" in found
    assert "Alice Liddel" not in found
    assert "Alice Liddel" in greta.get("/customers/?suspension=none").content.decode()
    assert "Bob" not in greta.get("/customers/?suspension=never").content.decode()
    assert lists["customers"].columns["suspension"].batch([bob.pk]) == {bob.pk: case.state}


def test_the_rules_are_kept_in_order(client):
    client.force_login(make_person("Chief", "billing.view_suspensionrules", "billing.change_suspensionrules"))
    values = {
        "enabled": "on",
        "overdue_days": "5",
        "second_notice_days": "10",
        "suspension_days": "9",
        "minimum": "80",
        "pause_days": "3",
        "grace_days": "2",
        "from_hour": "8",
        "until_hour": "12",
        "reported_hours": "24",
        "stop_billing_days": "60",
    }
    assert client.post("/billing/setup/suspension/", values).status_code == 422
    assert client.post("/billing/setup/suspension/", values | {"suspension_days": "12"}).status_code == 302
    rules = SuspensionRules.objects.get()
    assert (rules.enabled, rules.suspension_days, rules.minimum) == (True, 12, Decimal("80.00"))


def test_dora_without_rights_sees_and_does_nothing(client, bob):
    case = listed(bob)
    client.force_login(make_person("Dora", "customers.view_customer"))
    for url in (LIST, PREVIEW, f"{LIST}{case.pk}/", CARD, "/billing/suspensions/why/BOB001/"):
        assert client.get(url).status_code == 403
    for url in (f"{LIST}run/", f"{LIST}{case.pk}/approve/", "/billing/suspensions/at-once/BOB001/"):
        assert client.post(url, {"reason": "No"}).status_code == 403
    assert Customer.objects.get(code="BOB001").status == "active"


def test_the_command_previews_and_runs(bob, capsys):
    call_command("run_suspensions", preview=True)
    assert "List for approval: 1" in capsys.readouterr().out
    assert not SuspensionCase.objects.exists()
    call_command("run_suspensions")
    call_command("run_suspensions")
    assert "1 listed" in capsys.readouterr().out
    assert SuspensionCase.objects.count() == 1
