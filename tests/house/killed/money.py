"""What is owed to the jobs of the queue money."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from herotill.integrations.cards.payfast.standin import PayFastStandIn
from herotill.integrations.netcash.bureau import Bureau
from herotill.integrations.netcash.standin import NetcashStandIn
from herotill.integrations.sageone.limits import Limits
from herotill.integrations.sageone.standin import CONNECTION, SageStandIn
from tests.billing.cards.conftest import make_gateway
from tests.factories.netcash import judged
from tests.house.killed import agreements, books, cards, debits
from tests.house.killed.story import World, heard


def prepare(world: World, settings: Any) -> None:
    """A bureau, a card gateway and books stand in, known to us and to the workers."""
    settings.OUTBOUND_ALLOW, settings.DEMO = ["127.0.0.1"], True
    bureau = world.open.enter_context(NetcashStandIn(a_bureau(world)))
    world.there.payfast = world.open.enter_context(PayFastStandIn())
    world.there.sage = world.open.enter_context(SageStandIn(a_minute=1_000_000))
    forget_what_was_asked(world)
    addresses = {
        "NETCASH_URL": bureau.url,
        "PAYFAST_URL": world.there.payfast.url,
        "PAYFAST_API_URL": world.there.payfast.url,
        "SAGEONE_URL": world.there.sage.url,
    }
    for name, url in addresses.items():
        setattr(settings, name, url)
    settings.PAYFAST_HOSTS = ["127.0.0.1"]
    settings.SAGEONE_SECONDS_APART, settings.SAGEONE_A_MINUTE, settings.SAGEONE_A_DAY = 0.0, 0, 0
    world.there.gateway = make_gateway()
    world.environment |= addresses | {
        "OUTBOUND_ALLOW": "127.0.0.1",
        "PAYFAST_HOSTS": "127.0.0.1",
        "DEMO": "1",
    }
    world.environment |= dict.fromkeys(("SAGEONE_SECONDS_APART", "SAGEONE_A_MINUTE", "SAGEONE_A_DAY"), "0")


def a_bureau(world: World) -> Bureau:
    """Its clock can be put back, to when something was sent there; what is asked for is ready at once."""
    world.there.moment = world.now
    return Bureau(
        now=lambda: timezone.localtime(world.there.moment).replace(tzinfo=None), check=judged, polls=0
    )


def forget_what_was_asked(world: World) -> None:
    """How often SageOne was asked counts across processes."""
    limits = Limits(world.there.sage.url, CONNECTION)
    limits.forget()
    world.open.callback(limits.forget)


STORIES = (
    agreements.STORIES
    | debits.STORIES
    | cards.STORIES
    | books.STORIES
    | agreements.LAST
    | {"pulse-money": heard("money")}
)
