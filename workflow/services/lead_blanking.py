"""What leads know of a person, blanked: that there was one, from where, when and what became of it stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Q

from herotill import blanking
from herotill.clock import local_day
from herotill.messages.services import blanking as messages
from herotill.models import RetentionRules
from workflow.forgetting import forgotten
from workflow.models import Lead, LeadNote, Photo, Place, Survey

AT_ONCE = 200


def lost(now: datetime) -> str:
    """Leads lost longer ago than the rules keep them; each batch is a transaction. The nightly run."""
    months = RetentionRules.objects.values_list("lost_leads_months", flat=True).get()
    due = Lead.objects.filter(
        step=Place.LOST, customer=None, forgotten_on=None, step_since__lt=now - relativedelta(months=months)
    ).order_by("pk")
    count = 0
    while ids := list(due.values_list("pk", flat=True)[:AT_ONCE]):
        forget(leads=ids, now=now)
        count += len(ids)
    return f"{count:,} lost leads." if count else ""


def of_customers(customers: Collection[int], now: datetime) -> None:
    """The leads that these customers came from, and those merged into them."""
    own = Q(customer__in=customers) | Q(merged_into__customer__in=customers)
    ids = list(Lead.objects.filter(own, forgotten_on=None).values_list("pk", flat=True))
    if ids:
        forget(leads=ids, now=now)


@transaction.atomic
def forget(*, leads: Collection[int], now: datetime) -> None:
    """Blank these leads; it cannot be undone. What was marked first lets the guards by."""
    held = list(Lead.objects.select_for_update().filter(pk__in=leads).order_by("pk"))
    ids = [lead.pk for lead in held]
    mails = {lead.email for lead in held if lead.email}
    for part in forgotten:
        part.blank(ids, now)
    _surveys(ids)
    LeadNote.objects.filter(lead__in=ids).delete()
    blanking.execute(_BLANK, local_day(now), ids)
    blanking.execute("UPDATE workflow_move SET why = '' WHERE lead_id = ANY(%s) AND why <> ''", ids)
    mails -= set(Lead.objects.filter(email__in=mails, forgotten_on=None).values_list("email", flat=True))
    messages.messages([], mails)
    blanking.execute(_IMPORTS, ids)
    surveys = Survey.objects.filter(lead__in=ids).values_list("pk", flat=True)
    for model, own in (("workflow.lead", ids), ("workflow.survey", surveys)):
        blanking.execute(_AUDIT, model, [str(pk) for pk in own])


def _surveys(ids: Collection[int]) -> None:
    """What a visit found stays as figures; words and pictures of somebody's home go."""
    photos = Photo.objects.filter(survey__lead__in=ids)
    blanking.drop_files([str(name) for name in photos.values_list("file", flat=True)])
    photos.delete()
    Survey.objects.filter(lead__in=ids).update(notes="", extra="")


_BLANK = """
UPDATE workflow_lead SET forgotten_on = %s, kind = 'individual', company_name = '', first_names = '',
    surname = 'Former lead L' || id, contact_name = '', email = '', phone = '', other_phone = '', id_number = '',
    registration_number = '', vat_number = '', lines = '', suburb = '', postal_code = '', directions = '',
    latitude = NULL, longitude = NULL, wants = '', next_action = '', next_action_on = NULL, lost_words = '',
    marketing = false, tell_when_covered = false, version = version + 1
WHERE id = ANY(%s)
"""
_IMPORTS = """
UPDATE house_importrow r SET "values" = '{}', cells = '{}', before = '{}', after = '{}', reason = '', warnings = '{}'
FROM house_import i WHERE i.id = r.of_id AND i.kind = 'leads' AND r.object_id = ANY(%s)
"""
# It covers what this very transaction wrote so far, so it comes last.
_AUDIT = """
UPDATE house_auditevent SET name = '', ip = NULL,
    old = (SELECT coalesce(jsonb_object_agg(key, '•••'), '{}') FROM jsonb_object_keys(old) AS key),
    new = (SELECT coalesce(jsonb_object_agg(key, '•••'), '{}') FROM jsonb_object_keys(new) AS key)
WHERE model = %s AND object_id = ANY(%s)
"""
