"""CoA and Disconnect to routers that answer, refuse, lose packets, say nothing, or know us by another secret."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from herotill.integrations.radius.control import NAMED, Reply, Request, Result, Router
from herotill.integrations.radius.live import HOPELESS, UdpControl, known
from herotill.integrations.radius.standin import CHANGE, NasStandIn

WAITS = (0.15, 0.15, 0.15)
SPEED = {"Mikrotik-Rate-Limit": "1M/1M"}


@pytest.fixture
def tower() -> Iterator[NasStandIn]:
    with NasStandIn() as found:
        yield found


def router(tower: NasStandIn, per_second: int = 1000, secret: bytes = b"stand-in") -> Router:
    return Router(tower.address, tower.port, per_second, secret)


def cut(tower: NasStandIn, number: int = 1, **more: object) -> Request:
    session = {
        "User-Name": "alice@isp.example",
        "Acct-Session-Id": f"8160{number:04}",
        "Framed-IP-Address": "100.64.0.10",
    }
    return Request(number, router(tower, **more), session)


def change(tower: NasStandIn, number: int = 1) -> Request:
    asked = cut(tower, number)
    return Request(number, asked.router, asked.session, SPEED)


def ask(*requests: Request) -> list[Reply]:
    return list(UdpControl(WAITS).carry_out(requests))


def test_a_session_is_cut_and_another_changed(tower: NasStandIn) -> None:
    assert ask(cut(tower, 1), change(tower, 2)) == [Reply(1, Result.DONE), Reply(2, Result.DONE)]
    assert [one["Acct-Session-Id"] for one in tower.cuts()] == ["81600001"]
    assert tower.changes()[0]["Mikrotik-Rate-Limit"] == "1M/1M"
    assert tower.changes()[0]["Framed-IP-Address"] == "100.64.0.10"
    assert "Mikrotik-Rate-Limit" not in tower.cuts()[0]


@pytest.mark.parametrize("cause", sorted(NAMED))
def test_each_cause_of_a_no_is_known(tower: NasStandIn, cause: int) -> None:
    tower.refuse(cause)

    assert ask(cut(tower)) == [Reply(1, Result.REFUSED, cause)]


def test_a_change_that_is_not_supported_is_told_from_one_that_is_forbidden(tower: NasStandIn) -> None:
    for cause, unsupported in ((401, True), (405, True), (None, True), (501, False), (503, False)):
        tower.refuse(cause, only=CHANGE)
        [reply] = ask(change(tower))
        assert (reply.result, reply.unsupported) == (Result.REFUSED, unsupported)
    assert ask(cut(tower)) == [Reply(1, Result.DONE)]


def test_a_lost_packet_is_sent_again_and_is_the_same_one(tower: NasStandIn) -> None:
    tower.lose(1)

    assert ask(cut(tower)) == [Reply(1, Result.DONE)]
    assert len(tower.times) == 2


def test_silence_ends(tower: NasStandIn) -> None:
    tower.silent = True

    assert ask(cut(tower)) == [Reply(1, Result.SILENT)]
    assert len(tower.times) == len(WAITS)


def test_a_wrong_secret_is_silence(tower: NasStandIn) -> None:
    assert ask(cut(tower, secret=b"another")) == [Reply(1, Result.SILENT)]
    assert (tower.unsigned, tower.asked) == (3, [])


def test_a_forged_answer_is_no_answer() -> None:
    with NasStandIn() as tower:
        honest = tower._answer
        tower._answer = lambda asked: honest(asked)[:4] + bytes(16) + honest(asked)[20:]  # type: ignore[method-assign]

        assert ask(cut(tower)) == [Reply(1, Result.SILENT)]


def test_no_more_than_a_router_takes_goes_to_it_a_second_and_routers_do_not_wait_for_each_other() -> None:
    with NasStandIn() as one, NasStandIn() as two:
        asked = [cut(one, number, per_second=100) for number in range(150)]
        asked += [cut(two, number, per_second=1000) for number in range(150, 450)]
        replies = ask(*asked)

    assert {reply.result for reply in replies} == {Result.DONE}
    assert [reply.reference for reply in replies] == list(range(450))
    assert one.busiest() <= 120  # packets that wait on this machine arrive together
    assert one.times[-1] - one.times[0] >= 1.3  # a hundred and fifty at a hundred a second
    assert two.times[-1] < one.times[-1]


def test_many_are_under_way_at_once() -> None:
    with NasStandIn() as tower:
        tower.lose(600)  # more than one socket has numbers for
        replies = ask(*(cut(tower, number) for number in range(600)))

    assert {reply.result for reply in replies} == {Result.DONE}
    assert len(tower.cuts()) == 600


def test_a_dead_router_is_given_up_soon(tower: NasStandIn) -> None:
    tower.silent = True
    replies = ask(*(cut(tower, number, per_second=50) for number in range(100)))

    assert {reply.result for reply in replies} == {Result.SILENT}
    assert HOPELESS <= len(tower.times) <= 150  # of three hundred


def test_what_cannot_be_put_on_the_wire_is_not_sent(tower: NasStandIn) -> None:
    [reply] = ask(Request(1, router(tower), {"User-Name": "alice", "Framed-IP-Address": "nowhere"}))

    assert reply == Reply(1, Result.UNSENT)
    assert (known("Mikrotik-Rate-Limit"), known("Unheard-Of"), tower.times) == (True, False, [])


def test_secrets_do_not_show(tower: NasStandIn) -> None:
    assert "stand-in" not in repr(cut(tower))
