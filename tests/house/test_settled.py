"""Settings are asked once for many things, and anew for the next."""

from herotill.settled import once, settled

asked: list[int] = []


@once
def figure() -> int:
    asked.append(1)
    return len(asked)


def test_within_it_is_asked_once_and_outside_each_time() -> None:
    asked.clear()
    assert (figure(), figure()) == (1, 2)
    with settled():
        assert (figure(), figure()) == (3, 3)
    with settled():
        assert figure() == 4
    assert figure() == 5
