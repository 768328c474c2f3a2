"""What leads are missing before a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from workflow.gates import Gate, gates
from workflow.models import Step
from workflow.policies import way


def chosen() -> dict[str, list[str]]:
    """The gates that Setup puts before each list."""
    return {str(key): names for key, names in Step.objects.order_by().values_list("key", "gates")}


def before(place: str, chosen: Mapping[str, Collection[str]]) -> list[Gate]:
    """The gates on the way to a list, the house's own and those chosen in Setup."""
    passed = set(way.up_to(place))
    names = {name for key in passed for name in chosen.get(key, ())}
    return [gate for gate in gates if gate.before & passed or gate.name in names]


def missing(leads: Collection[int], place: str) -> dict[int, list[str]]:
    """What each of these leads still needs before it may come to `place`, a sentence each; who passes is not in it."""
    return missing_on_the_way(dict.fromkeys(leads, place))


def missing_on_the_way(aims: Mapping[int, str]) -> dict[int, list[str]]:
    """The same for leads that go to different lists: each gate is asked once, of all whom it concerns."""
    setup = chosen() if aims else {}
    return _asked({lead: before(place, setup) for lead, place in aims.items()})


def missing_further_on(places: Mapping[int, str], to: str) -> dict[int, list[str]]:
    """What leads need yet to come to `to` from the list each waits in; what let them come there is not asked again."""
    setup = chosen() if places else {}
    wanted = before(to, setup)
    passed = {place: before(place, setup) for place in set(places.values())}
    return _asked(
        {lead: [gate for gate in wanted if gate not in passed[place]] for lead, place in places.items()}
    )


def missing_where_they_wait(
    places: Mapping[int, str], setup: Mapping[str, Collection[str]] | None = None
) -> dict[int, list[str]]:
    """What leads need yet for what they work for, given the list that each waits in; what let them come here is
    not asked again. `setup` is what `chosen` gives, for who has it.
    """
    if setup is None:
        setup = chosen() if places else {}
    ahead = {place: _ahead(place, setup) for place in set(places.values())}
    return _asked({lead: ahead[place] for lead, place in places.items()})


def _ahead(place: str, setup: Mapping[str, Collection[str]]) -> list[Gate]:
    passed = before(place, setup)
    aim = way.AIMS.get(place, "")
    return [gate for gate in before(aim, setup) if gate not in passed]


def _asked(wanted: Mapping[int, Collection[Gate]]) -> dict[int, list[str]]:
    of: defaultdict[str, list[int]] = defaultdict(list)
    for lead, asked in wanted.items():
        for gate in asked:
            of[gate.name].append(lead)
    found: defaultdict[int, list[str]] = defaultdict(list)
    for gate in gates:
        for lead, sentence in (gate.missing(of[gate.name]) if of[gate.name] else {}).items():
            found[lead].append(sentence)
    return dict(found)


def missing_by_list(lead: int) -> dict[str, list[str]]:
    """What one lead still needs before each list on the way; each gate is asked once."""
    setup = chosen()
    asked = {gate.name: gate.missing([lead]).get(lead, "") for gate in before(way.WAY[-1], setup)}
    return {
        place: [asked[gate.name] for gate in before(place, setup) if asked[gate.name]] for place in way.WAY
    }
