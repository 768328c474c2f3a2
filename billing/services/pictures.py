"""Pictures of everybody's age analysis, for lists: made when somebody asks, kept while nothing changes.

Looking makes none: a page shows the picture that is kept, and asks for one by a POST of its own where there is
none or something was posted since. Where making one takes long, today's is made by a job, and whoever looks gets
the last one with its time on it.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.timezone import get_current_timezone

from billing.models import AgeingPicture
from billing.selectors import ageing
from billing.selectors.ageing import Way

# So long a picture serves though something may have been posted meanwhile, so that a person turning pages during
# a run does not make everybody's ages anew for each.
ANYWAY = timedelta(seconds=15)
AT_MOST = timedelta(minutes=5)
KEPT = timedelta(minutes=30)
# What takes longer is left to the job that renews today's picture, and serves until it has come round.
SECONDS = 1.0
RENEWED = timedelta(minutes=20)

# The newest entry, the newest allocation and the last undoing: nothing else moves an age.
_MARKER = """
SELECT concat_ws('/', (SELECT max(id) FROM billing_entry), (SELECT max(id) FROM billing_allocation),
    (SELECT count(*) FROM billing_allocation WHERE ends_on IS NOT NULL AND known_until > now() - interval '1 hour'))
"""
# Everybody's row, and from them the sums of those who are alike.
_WRITE = """
WITH made AS (
    INSERT INTO billing_agedcustomer (id, picture_id, customer_id, code, name, name_key, "group", billing_group, status,
        payment_method, days120, days90, days60, days30, current, total)
    SELECT (%(picture)s::bigint << 32) | c.id, %(picture)s, c.id, c.code, c.name, c.name_key, c.group_id,
        c.billing_group_id, c.status, c.payment_method,
        coalesce(b4, 0), coalesce(b3, 0), coalesce(b2, 0), coalesce(b1, 0), coalesce(b0, 0),
        coalesce(b4, 0) + coalesce(b3, 0) + coalesce(b2, 0) + coalesce(b1, 0) + coalesce(b0, 0)
    FROM ({ages}) t (customer_id, b4, b3, b2, b1, b0) JOIN customers_customer c ON c.id = t.customer_id
    WHERE b4 <> 0 OR b3 <> 0 OR b2 <> 0 OR b1 <> 0 OR b0 <> 0
    RETURNING "group", billing_group, status, payment_method, days120, days90, days60, days30, current, total
)
INSERT INTO billing_agedsum (picture_id, "group", billing_group, status, payment_method, customers,
    days120, days90, days60, days30, current, total)
SELECT %(picture)s, "group", billing_group, status, payment_method, count(*),
    sum(days120), sum(days90), sum(days60), sum(days30), sum(current), sum(total)
FROM made GROUP BY "group", billing_group, status, payment_method
"""
_FORGET = """
WITH gone AS (DELETE FROM billing_agedsum WHERE picture_id = ANY (%(pictures)s))
DELETE FROM billing_agedcustomer WHERE picture_id = ANY (%(pictures)s)
"""


def kept(*, as_at: date, counted: Way) -> AgeingPicture | None:
    """The picture of that day as it was last made, if it is kept."""
    return AgeingPicture.objects.filter(as_at=as_at, **counted._asdict()).first()


def stands(picture: AgeingPicture | None, now: datetime) -> bool:
    """Whether there is a picture and it need not be made anew."""
    return picture is not None and _serves(picture, _marker(), now)


def renewal(picture: AgeingPicture | None, *, now: datetime, url: str) -> dict[str, str]:
    """How a page asks for its picture by a POST to `url`, where it has none that stands; otherwise nothing."""
    if stands(picture, now):
        return {}
    said = "Something was posted since; the ages are" if picture else "The ages of that day are"
    return {"url": url, "says": f"{said} being worked out.", "label": "Work them out"}


def of(*, as_at: date, counted: Way, now: datetime) -> AgeingPicture:
    """The picture of that day, made anew where something was posted since it was made."""
    found = kept(as_at=as_at, counted=counted)
    if found and stands(found, now):
        return found
    return _made(as_at, counted, now)


def _serves(picture: AgeingPicture, marker: str, now: datetime) -> bool:
    age = now - picture.made_at
    if picture.took > SECONDS and age < RENEWED:
        return True
    return age < ANYWAY or (age < AT_MOST and picture.marker == marker)


def renew(now: datetime) -> str:
    """The job that makes today's picture anew where something was posted since, so that nobody waits for it."""
    today, counted = now.astimezone(get_current_timezone()).date(), ageing.way()
    found = kept(as_at=today, counted=counted)
    if found and found.marker == _marker() and now - found.made_at < RENEWED / 2:
        return ""
    made = _made(today, counted, now, always=True)
    return f"Made {made.as_at} in {made.took:.1f} s."


def _marker() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_MARKER)
        marker: str = cursor.fetchone()[0]
        return marker


@transaction.atomic
def _made(as_at: date, counted: Way, now: datetime, *, always: bool = False) -> AgeingPicture:
    """Take the picture again, in its place, so that pages already shown go on where they were."""
    key = {"as_at": as_at, **counted._asdict()}
    AgeingPicture.objects.get_or_create(**key, defaults={"marker": "", "made_at": now - KEPT})
    picture = AgeingPicture.objects.select_for_update().get(**key)
    marker = _marker()
    if _serves(picture, marker, now) and not always:
        return picture
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"pictures": [picture.pk]})
        cursor.execute("SET LOCAL work_mem = '256MB'")
        ages, values = ageing.query(as_at=as_at, counted=counted)
        cursor.execute(_WRITE.format(ages=ages), values | {"picture": picture.pk})
        picture.took = time.perf_counter() - started
        if picture.took > SECONDS:
            # The planner knows nothing of a picture it has not been shown.
            cursor.execute("ANALYZE billing_agedcustomer (picture_id)")
    picture.marker, picture.made_at = marker, now
    picture.save(update_fields=["marker", "made_at", "took"])
    return picture


def clear(now: datetime) -> str:
    """The job that forgets pictures nobody has looked at for half an hour."""
    old = list(AgeingPicture.objects.filter(made_at__lt=now - KEPT).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"pictures": old})
    AgeingPicture.objects.filter(pk__in=old).delete()
    return f"Forgot {len(old)}." if old else ""
