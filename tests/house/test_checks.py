"""`manage.py check` refuses a registered thing that names a right, template or screen that does not exist."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.core.checks import run_checks
from django.http import HttpResponse
from django.urls import path
from django.urls.resolvers import RegexPattern, URLResolver

from herotill import access, checks, jobs, urls
from herotill.registry import Registry
from herotill.users.grants import Right, rights

GOOD = {"permission": "house.view_run", "template_name": "start.html", "url_name": "runs"}


@dataclass(frozen=True)
class Thing:
    """Anything an app may register."""

    name: str = "gadgets"
    order: int = 1
    permission: str = ""
    see_permission: str = ""
    template_name: str = ""
    url_name: str = ""
    actions: dict[str, "Thing"] = field(default_factory=dict)


def refused() -> list[str]:
    return [message.msg for message in run_checks(tags=["house"])]


@pytest.fixture
def things() -> Iterator[Registry[Thing]]:
    registry: Registry[Thing] = Registry("card")
    yield registry
    Registry.everyone.discard(registry)


def test_what_stands_in_the_house_is_right():
    assert refused() == []


def test_a_thing_that_names_what_exists_passes(things):
    things.register(Thing(**GOOD, actions={"add": Thing("add", permission="house.see_jobs")}))

    assert refused() == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"permission": "house.view_runs"}, "The card 'gadgets' asks for the right 'house.view_runs'"),
        ({"see_permission": "houses.view_run"}, "The card 'gadgets' asks for the right 'houses.view_run'"),
        ({"template_name": "gadgets.html"}, "The card 'gadgets' is shown by 'gadgets.html'"),
        ({"url_name": "gadget"}, "The card 'gadgets' leads to 'gadget'"),
        ({"url_name": "run"}, "The card 'gadgets' leads to 'run'"),
        (
            {"actions": {"add": Thing("add", permission="house.add")}},
            "The card 'gadgets', action 'add', asks for the right 'house.add'",
        ),
    ],
)
def test_a_thing_that_names_what_does_not_exist_is_refused(things, wrong, said):
    things.register(Thing(**(GOOD | wrong)))

    (message,) = refused()
    assert message.startswith(said)


def test_a_view_that_asks_for_a_right_nobody_can_hold_is_refused(monkeypatch):
    view = access.staff_view("house.fly")(lambda request: HttpResponse())
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("fly/", view)])
    monkeypatch.setattr(checks, "get_resolver", lambda: URLResolver(RegexPattern(r"^/"), urls))

    (message,) = refused()
    assert "house.fly" in message


def test_a_job_whose_schedule_means_nothing_is_refused():
    jobs.jobs.register(jobs.Job("odd", "Odd", jobs.Queue.MONEY, lambda now: None, "now and then"))
    try:
        (message,) = refused()
    finally:
        jobs.jobs.unregister("odd")

    assert message.startswith("The job odd: 'now and then' is no schedule.")


def test_a_right_in_the_matrix_that_no_model_knows_is_refused():
    rights.register(Right("house.fly", "fly", "Setup", 1, changes=True))
    try:
        (message,) = refused()
    finally:
        rights.unregister("house.fly")

    assert "house.fly" in message
