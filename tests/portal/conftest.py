"""The people of the portal's stories: Alice is a customer with a log-in; others are let in by `at_portal`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from customers.models import Customer, PortalLogin
from herotill.users.models import User
from tests.browser import PHONE
from tests.factories import make_customer

PASSWORD = "seven blue kettles"


def login_of(customer: Customer) -> User:
    """The customer's log-in, made if there is none; its contacts' emails are proved."""
    found = PortalLogin.objects.select_related("user").filter(customer=customer).first()
    if found is not None:
        return found.user
    user = User.objects.create_user(customer.code, PASSWORD, kind=User.Kind.PORTAL, name=customer.name)
    PortalLogin.objects.create(customer=customer, user=user)
    customer.contacts.update(email_verified_at=timezone.now())
    return user


def at_portal(customer: Customer, **kwargs: object) -> Client:
    """A browser in which this customer is logged in at the portal."""
    client = Client(**kwargs)
    client.force_login(login_of(customer))
    client.cookies["herotill_portal"] = client.cookies.pop("herotill_staff").value
    return client


@pytest.fixture
def alice() -> Customer:
    """A customer with a log-in to the portal."""
    customer = make_customer("Alice Liddel", "ALI001", contact={"email": "alice@example.com"})
    login_of(customer)
    return customer


@pytest.fixture
def bob() -> Customer:
    """Another customer with a log-in, who must not see what is Alice's."""
    customer = make_customer("Bob Dlamini", "BOB001", contact={"email": "bob@example.com"})
    login_of(customer)
    return customer


@pytest.fixture
def log_in_portal(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Logs a customer in at their door, at a phone's width, and gives the home page on which they land."""

    def logged_in(customer: Customer, **options: object) -> Page:
        user = login_of(customer)
        page = open_page(**{"size": PHONE, **options})
        page.goto("/portal/login/")
        page.locator("[name=username]").fill(user.username)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/portal/")
        return page

    return logged_in
