"""Support disconnects a customer before a real router's stand-in, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page, expect

from dataaccounts.models import SessionOrder
from dataaccounts.services import radius_secrets, session_orders, session_work
from herotill.integrations.radius.standin import NasStandIn
from tests.browser import PHONE, findings
from tests.factories import make_customer, make_person
from tests.factories.data import make_account, make_nas, make_session

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

LogIn = Callable[..., Page]
SUPPORT = (
    "customers.view_customer",
    "dataaccounts.view_session",
    "dataaccounts.cut_session",
    "dataaccounts.view_sessionorder",
    "dataaccounts.view_nas",
    "dataaccounts.view_device",
)
SECRET = "tower-one-secret"


@pytest.fixture(autouse=True)
def _nobody_works_at_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_orders, "nudge", lambda name: None)


def alice_on(tower: NasStandIn) -> None:
    account = make_account(make_customer("Alice Liddel", "ALI001"))
    nas = make_nas("Tower 1", tower.address, coa_port=tower.port)
    radius_secrets.set_secret(nas_id=nas.pk, secret=SECRET, actor=None)
    make_session(account, nas, started_at=timezone.now())


def the_worker_works() -> None:
    """In a thread of its own, as the browser's has a loop already."""

    def work() -> None:
        try:
            session_work.carry_out(timezone.now())
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_support_disconnects_a_session_and_sees_that_it_was_done(log_in: LogIn) -> None:
    with NasStandIn(SECRET.encode()) as tower:
        alice_on(tower)
        page = log_in(make_person("Sam", *SUPPORT))
        page.goto("/customers/ALI001/")
        card = page.locator("#card-active-sessions")
        expect(card).to_contain_text("Online")
        card.get_by_role("button", name="Disconnect alice@isp.example").click()
        page.get_by_role("dialog").get_by_role("button", name="Disconnect this session").click()
        expect(card).to_contain_text("Disconnect waits")

        the_worker_works()
        assert [one["Acct-Session-Id"] for one in tower.cuts()] == ["81600001"]
        card.get_by_role("button", name="Refresh Active data sessions").click()
        expect(card).to_contain_text("Disconnect: Done")
        assert SessionOrder.objects.get().answer == "Disconnected."


def test_many_are_disconnected_from_the_list_and_their_orders_seen(log_in: LogIn) -> None:
    with NasStandIn(SECRET.encode()) as tower:
        alice_on(tower)
        page = log_in(make_person("Sam", *SUPPORT))
        page.goto("/data-accounts/sessions/")
        page.get_by_label("Choose the customer of alice@isp.example").check()
        page.get_by_role("button", name="Disconnect").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Reason").fill("New radio")
        dialog.get_by_label("Reason").press("Tab")
        expect(dialog).to_contain_text("1 session will change.")
        dialog.get_by_role("button", name="Disconnect 1 session").click()
        expect(page.get_by_text("1 session will be cut.")).to_be_visible()

        page.goto("/data-accounts/orders/")
        expect(page.locator("main")).to_contain_text("New radio")
        assert not findings(page)


def test_the_network_fits_a_telephone(log_in: LogIn) -> None:
    with NasStandIn(SECRET.encode()) as tower:
        alice_on(tower)
        page = log_in(make_person("Sam", *SUPPORT), size=PHONE)
        page.goto("/data-accounts/network/")
        page.get_by_role("link", name="Tower 1").click()
        expect(page.locator("main")).to_contain_text("Who is on")
        wide = page.evaluate("document.documentElement.scrollWidth")

        assert wide <= PHONE["width"]
        assert not findings(page)
