"""Signal strengths are asked of routers and kept for the accounts they concern."""

from datetime import UTC, datetime

import pytest

from dataaccounts.models import Nas, NasTurn, Sector, SignalReading
from dataaccounts.services import signals
from herotill.errors import IntegrationError
from herotill.integrations.mikrotik.live import RouterOsApi, RouterOsSnmp
from herotill.integrations.mikrotik.standin import ApiStandIn
from herotill.reference.models import Highsite
from tests.factories import make_customer
from tests.factories.data import make_account, make_nas, make_session

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, 12, tzinfo=UTC)
ALICE, BOB = "80:2A:A8:24:E8:61", "00:0C:42:1F:65:E9"


def test_a_router_is_asked_and_its_answer_kept_for_who_is_on_it():
    alice = make_account(make_customer("Alice Liddel", "ALI001"))
    bob = make_account(make_customer("Bob Dub", "BOB001"), "bob@isp.example")
    with ApiStandIn({ALICE: "-61dBm@6Mbps", BOB: "-82"}) as there:
        radio = make_nas("Radio", "127.0.0.1", api_port=there.port, api_user="herotill")
        radio.api_password = "radio"
        radio.save()
        north = Sector.objects.create(
            highsite=Highsite.objects.create(name="Koppie"), name="North", nas=radio
        )
        type(bob).objects.filter(pk=bob.pk).update(sector=north)
        make_session(alice, radio, mac="802a.a824.e861")
        make_session(bob, make_nas(), "81600002", mac=BOB)
        said = signals.poll(NOW)

    assert said == "Routers asked: 1, signals kept: 2."
    assert dict(SignalReading.objects.values_list("account", "dbm")) == {alice.pk: -61, bob.pk: -82}
    assert NasTurn.objects.get(nas=radio).poll_said == "2 radios heard."


def test_a_newer_answer_takes_the_place_of_the_last_and_silence_keeps_it(monkeypatch):
    alice = make_account(make_customer("Alice Liddel", "ALI001"))
    nas = make_nas()
    make_session(alice, nas)
    answers = iter([{ALICE: -61}, {ALICE: -70}, IntegrationError("The router's API does not answer.")])

    class Way:
        def signals(self):
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

    monkeypatch.setattr(signals, "radios", lambda nas: Way())
    for _ in range(3):
        signals.poll(NOW)

    assert SignalReading.objects.get().dbm == -70
    assert NasTurn.objects.get().poll_said == "The router's API does not answer."


def test_each_router_is_asked_the_way_it_lets_us():
    plain, by_api, by_snmp = Nas(), Nas(api_port=8728, api_user="herotill"), Nas()
    by_snmp.snmp_community = "public-radio"

    assert signals.radios(plain) is None
    assert isinstance(signals.radios(by_api), RouterOsApi)
    assert isinstance(signals.radios(by_snmp), RouterOsSnmp)
