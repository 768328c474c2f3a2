"""Ratings: what customers think of a ticket, a job, or of us."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from billing.models.people import person

from .desk import Department
from .tickets import Ticket


class Rating(models.Model):
    """One rating that was asked for or given by itself: 1 to 5 with a comment; acknowledged by a person.

    A link rates once; its token is kept as a hash. `about` is whom it is about: the assignee or the technician.
    """

    class Kind(models.TextChoices):
        TICKET = "ticket", "Ticket"
        JOB = "job", "Job card"
        GENERAL = "general", "In general"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="ratings", db_index=False
    )
    kind = models.CharField(max_length=7, choices=Kind.choices, db_collation="C")
    subject_id = models.BigIntegerField(null=True, editable=False, help_text="The ticket or the job card.")
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="ratings", db_index=False
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="ratings", db_index=False
    )
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    asked_by = person()
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - unique
    expires_at = models.DateTimeField(null=True, editable=False)
    stars = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.TextField(max_length=2000, blank=True, default="", db_default="")
    submitted_at = models.DateTimeField("date submitted", null=True, editable=False)
    by_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    acknowledged_at = models.DateTimeField("date acknowledged", null=True, editable=False)
    acknowledged_by = person()
    ticket = models.ForeignKey(
        Ticket,
        on_delete=models.PROTECT,
        null=True,
        related_name="opened_for",
        editable=False,
        help_text="That was opened because the rating is low.",
    )

    class Meta:
        default_permissions = ("view",)
        permissions = [
            ("request_rating", "Can ask customers for a rating"),
            ("acknowledge_rating", "Can acknowledge ratings"),
            ("export_ratings", "Can export large lists of ratings"),
        ]
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stars=None) | Q(stars__gte=1, stars__lte=5), name="rating_from_one_to_five"
            ),
            models.CheckConstraint(
                condition=Q(stars=None, submitted_at=None)
                | Q(stars__isnull=False, submitted_at__isnull=False),
                name="given_rating_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None) | Q(submitted_at__isnull=False),
                name="only_given_ratings_are_acknowledged",
            ),
            models.CheckConstraint(
                condition=Q(kind="general") ^ Q(subject_id__isnull=False), name="rating_is_about_something"
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=Q(subject_id__isnull=False), name="rated_once"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="ratings_of_customer"),
            models.Index(
                fields=["-submitted_at", "-id"], name="ratings_given", condition=Q(submitted_at__isnull=False)
            ),
            models.Index(
                fields=["id"],
                name="ratings_to_acknowledge",
                condition=Q(submitted_at__isnull=False, acknowledged_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.stars or 'not given'}"
