"""What is wrong on the network of the invented ISP today, and what is planned."""

from __future__ import annotations

from datetime import timedelta

from dataaccounts.models import Outage, Sector
from herotill.demo import DemoOrder
from herotill.users.models import User


def make_outages(order: DemoOrder) -> None:
    """A sector that is off, maintenance to come at a highsite, and an outage that has ended; once."""
    sectors = list(Sector.objects.select_related("highsite").order_by("pk")[3:9])
    if len(sectors) < 6 or Outage.objects.exists():
        return
    now, johan = order.moment, User.objects.filter(username="technician").first()
    Outage.objects.create(
        sector=sectors[0],
        headline=f"{sectors[0].highsite}, {sectors[0].name}: off after the storm",
        text="Lightning has struck the radio. A team is on its way; we expect you online again this evening.",
        starts_at=now - timedelta(hours=3),
        noted_by=johan,
    )
    night = now.replace(hour=21, minute=0, second=0, microsecond=0) + timedelta(days=5)
    Outage.objects.create(
        kind=Outage.Kind.MAINTENANCE,
        highsite=sectors[3].highsite,
        headline=f"{sectors[3].highsite}: new batteries",
        text="We change the batteries of the tower. The internet is off for up to two hours.",
        starts_at=night,
        ends_at=night + timedelta(hours=2),
        noted_by=johan,
    )
    Outage.objects.create(
        highsite=sectors[3].highsite,
        headline=f"{sectors[3].highsite}: no power",
        text="The power of the town was off and the batteries were empty.",
        starts_at=now - timedelta(days=9, hours=5),
        ends_at=now - timedelta(days=9),
        ended_at=now - timedelta(days=9),
        noted_by=johan,
    )
