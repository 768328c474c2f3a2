"""The router that is played for the demo: the same rows by RADIUS and without."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from dataaccounts.models import Device, LoginAnswer, Nas, Session
from dataaccounts.services import radius_secrets
from tests.factories import make_customer
from tests.factories.data import make_account

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def people(settings) -> None:
    """Alice and Bob may log in; Carol is suspended."""
    settings.DEMO = True
    for name, state in (("Alice", "active"), ("Bob", "active"), ("Carol", "suspended")):
        customer = make_customer(f"{name} Liddel", code=f"{name[:3].upper()}001")
        account = make_account(customer, f"{name.lower()}@isp.example", state=state)
        radius_secrets.set_password(account_id=account.pk, password=f"it's\\{name}", actor=None)


def played(*options: str) -> str:
    said = StringIO()
    call_command(
        "simulate_nas", "--sessions", "10", "--minutes", "20", "--leave", "50", *options, stdout=said
    )
    return said.getvalue()


def test_who_may_log_in_is_on_and_uses_the_line() -> None:
    assert "2 sessions, 1 still on" in played("--rows")
    alice, bob = Session.objects.order_by("username")
    assert alice.stopped_at is None
    assert bob.stopped_at is not None
    assert alice.seconds == bob.seconds == 1200
    assert alice.output_octets > alice.input_octets > 0
    assert LoginAnswer.objects.filter(reply="Access-Accept").count() == Device.objects.count() == 2
    assert "1 sessions" in played("--rows"), "who is on does not dial in"


def test_freeradius_writes_the_same(radius_password: str) -> None:
    assert "Speaking RADIUS" in played()
    assert Nas.objects.get().address == Session.objects.first().nas_address
    alice, bob = Session.objects.order_by("username")
    assert (alice.username, bob.username) == ("alice@isp.example", "bob@isp.example")
    assert (alice.stopped_at is None, bob.stopped_at is None) == (True, False)
    assert alice.seconds == bob.seconds == 1200
    assert alice.output_octets > alice.input_octets > 0
    assert LoginAnswer.objects.filter(reply="Access-Accept").count() == Device.objects.count() == 2


def test_it_belongs_into_a_demo(settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        played()
