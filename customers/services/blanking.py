"""What customers themselves know of a person, blanked; cards that others own are theirs to blank."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import PROTECT, ManyToOneRel, Max

from customers.models import (
    ALL_PURPOSES,
    Address,
    Asset,
    Attachment,
    Contact,
    Customer,
    CustomerNote,
    PortalLogin,
    PortalLook,
)
from herotill import blanking
from herotill.clock import local_day
from herotill.models import AuditEvent
from herotill.users.services import portal_access

NOT_CANCELLED = "The account is not cancelled."


def names(customers: Collection[int], now: datetime) -> None:
    """Names, numbers and what was verified; the code stays, by which the books know them."""
    blanking.execute(
        """
        UPDATE customers_customer SET
            company_name = CASE kind WHEN 'company' THEN 'Former customer ' || code ELSE '' END,
            surname = CASE kind WHEN 'company' THEN '' ELSE 'Former customer ' || code END,
            first_names = '', id_number = '', registration_number = '', vat_number = '',
            payment_method = '', verified_on = NULL, anonymised_on = %s
        WHERE id = ANY(%s)
        """,
        local_day(now),
        list(customers),
    )


def contacts(customers: Collection[int], now: datetime) -> None:
    """One contact without a person stays, since every customer has one; its address reaches nobody."""
    Contact.objects.filter(customer__in=customers, is_primary=False).update(purposes=[])
    blanking.execute(
        """
        UPDATE customers_contact t SET name = 'Former customer ' || c.code, position = '', other_emails = '{}',
            email = lower(c.code) || '@anonymised.invalid', phone = '0', other_phone = '', purposes = %s,
            email_verified_at = NULL
        FROM customers_customer c WHERE c.id = t.customer_id AND t.is_primary AND t.customer_id = ANY(%s)
        """,
        list(ALL_PURPOSES),
        list(customers),
    )
    Contact.objects.filter(customer__in=customers, is_primary=False).delete()


def places(customers: Collection[int], now: datetime) -> None:
    """Addresses lose all but their town; equipment loses what was written on it."""
    Address.objects.filter(customer__in=customers).update(
        label="", lines="", suburb="", postal_code="", directions=""
    )
    Asset.objects.filter(customer__in=customers).update(note="", serial_number="", mac_address="")


def notes(customers: Collection[int], now: datetime) -> None:
    CustomerNote.objects.filter(customer__in=customers).delete()


def attachments(customers: Collection[int], now: datetime) -> None:
    """Files go with their bytes, but for signed mandates: these are let go with the documents."""
    found = Attachment.objects.filter(customer__in=customers).exclude(pk__in=_proofs(customers))
    blanking.drop_files([str(name) for name in found.values_list("file", flat=True)])
    found.delete()
    Attachment.objects.filter(customer__in=customers).update(note="")


def _proofs(customers: Collection[int]) -> list[int]:
    """Attachments that something else must keep."""
    found: list[int] = []
    for relation in Attachment._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.on_delete is PROTECT:
            rows = relation.related_model._base_manager.filter(
                **{f"{relation.field.name}__customer__in": list(customers)}
            )
            found += rows.values_list(relation.field.attname, flat=True)
    return found


def log_ins(customers: Collection[int]) -> list[int]:
    """The people behind the portal log-ins of these customers, as long as they are there."""
    return list(PortalLogin.objects.filter(customer__in=customers).values_list("user_id", flat=True))


def portal(customers: Collection[int], now: datetime) -> None:
    """Log-ins end, and go as far as nothing else points at them."""
    for login in PortalLogin.objects.select_related("user").filter(customer__in=customers):
        portal_access.forget(user=login.user, now=now)
    PortalLogin.objects.filter(customer__in=customers).delete()
    PortalLook.objects.filter(customer__in=customers).update(reason="")


def last_changed(customers: Collection[int]) -> dict[int, date]:
    """The last day the status of each changed, or it came."""
    ids = list(customers)
    came = Customer.objects.filter(pk__in=ids).values_list("pk", "created_at")
    days = {pk: local_day(at) for pk, at in came}
    changed = AuditEvent.objects.filter(
        customer_id__in=ids, model="customers.customer", new__has_key="status"
    )
    for pk, at in changed.values("customer_id").annotate(at=Max("at")).values_list("customer_id", "at"):
        if pk in days:
            days[pk] = max(days[pk], local_day(at))
    return days


def who_waits(customers: Collection[int], day: date) -> dict[int, str]:
    """Who is not former yet: not cancelled, owing or owed something, or with sub-accounts that are not."""
    found: dict[int, str] = {}
    subs = Customer.objects.filter(master__in=customers).exclude(status=Customer.Status.CANCELLED)
    for pk in subs.values_list("master_id", flat=True):
        found[pk or 0] = "Sub-accounts are not cancelled."
    for pk in (
        Customer.objects.filter(pk__in=customers).exclude(balance__amount=0).values_list("pk", flat=True)
    ):
        found[pk] = "The balance is not nought."
    alive = Customer.objects.filter(pk__in=customers).exclude(status=Customer.Status.CANCELLED)
    for pk in alive.values_list("pk", flat=True):
        found[pk] = NOT_CANCELLED
    return found
