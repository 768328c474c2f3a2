"""Signal strengths by RouterOS's API and by SNMP."""

from __future__ import annotations

import pytest

from herotill.errors import IntegrationError
from herotill.integrations.mikrotik import Access, dbm
from herotill.integrations.mikrotik.live import RouterOsApi, RouterOsSnmp
from herotill.integrations.mikrotik.standin import ApiStandIn, SnmpStandIn

ALICE, BOB = "80:2A:A8:24:E8:61", "00:0C:42:1F:65:E9"


def api(there: ApiStandIn, password: str = "radio") -> RouterOsApi:
    return RouterOsApi(Access("127.0.0.1", there.port, "herotill", password))


@pytest.mark.parametrize("old", [True, False])
def test_the_api_tells_how_well_each_radio_is_heard(old: bool) -> None:
    with ApiStandIn({ALICE: "-61dBm@6Mbps", BOB.lower(): "-82"}, old=old) as there:
        assert api(there).signals() == {ALICE: -61, BOB: -82}


def test_what_is_no_strength_is_left_out() -> None:
    with ApiStandIn({ALICE: "", BOB: "0"}) as there:
        assert api(there).signals() == {}
    assert (dbm("-61dBm@6Mbps"), dbm("n/a"), dbm(-300)) == (-61, None, None)


def test_a_wrong_password_and_silence_are_told_apart() -> None:
    with ApiStandIn({ALICE: "-61"}) as there, pytest.raises(IntegrationError, match="user and password"):
        api(there, "wrong").signals()
    with pytest.raises(IntegrationError, match="does not answer"):
        api(there).signals()


def test_snmp_tells_the_same() -> None:
    with SnmpStandIn({ALICE: -61, BOB: -82}) as there:
        assert RouterOsSnmp(Access("127.0.0.1", there.port, secret="radio")).signals() == {
            ALICE: -61,
            BOB: -82,
        }


def test_another_community_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    with SnmpStandIn({ALICE: -61}) as there, pytest.raises(IntegrationError, match="SNMP"):
        RouterOsSnmp(Access("127.0.0.1", there.port, secret="wrong")).signals()


def test_secrets_do_not_show() -> None:
    assert "radio" not in repr(Access("127.0.0.1", 1, "herotill", "radio"))
