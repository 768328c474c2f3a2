"""How the helpdesk is set up: departments and their hours, categories, priorities, reasons, canned answers."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from billing.models.people import person
from herotill.audit import audited
from herotill.folding import name_key

Minutes = models.PositiveIntegerField


@audited(words=("name",))
class Department(models.Model):
    """A part of the ISP that answers tickets, with its people, its hours and who stands by outside of them."""

    name = models.CharField(max_length=60)
    name_key = name_key()
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="departments", blank=True
    )
    standby = person("stands by")
    for_ratings = models.BooleanField(
        "answers low ratings",
        default=False,
        db_default=False,
        help_text="Customer care: tickets about low ratings open here.",
    )
    offered = models.BooleanField(
        "customers may choose it", default=True, db_default=True, help_text="When they open a ticket."
    )
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer offered.")

    class Meta:
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="department_name_once"),
            models.UniqueConstraint(
                fields=["for_ratings"],
                condition=Q(for_ratings=True),
                name="one_department_answers_ratings",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """One department answers low ratings: the last that was chosen."""
        if self.for_ratings:
            Department.objects.exclude(pk=self.pk).filter(for_ratings=True).update(for_ratings=False)
        super().save(*args, **kwargs)


@audited()
class Membership(models.Model):
    """Somebody who works in a department."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["department", "user"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.department_id}"


@audited()
class OfficeHours(models.Model):
    """From when to when a department works on a weekday (0 is Monday), local time; none: it is closed."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)])
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        default_permissions = ()
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["department", "weekday"], name="office_hours_once_a_day"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="office_hours_on_a_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="office_closes_after_it_opens"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday}: {self.opens}–{self.closes}"


@audited(words=("name",))
class Category(models.Model):
    """What a ticket is about: no connection, slow, account, move."""

    name = models.CharField(max_length=60)
    name_key = name_key()
    offered = models.BooleanField(
        "customers may choose it", default=True, db_default=True, help_text="When they open a ticket."
    )
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer offered.")

    class Meta:
        ordering = ["name_key"]
        verbose_name_plural = "categories"
        constraints = [models.UniqueConstraint(fields=["name_key"], name="ticket_category_name_once")]

    def __str__(self) -> str:
        return self.name


@audited(words=("name",))
class Priority(models.Model):
    """How urgent a ticket is, and the service level that goes with it: times to answer and to solve, in minutes.

    They run in the department's hours unless they run around the clock; VIP customers may have shorter ones.
    """

    name = models.CharField(max_length=40)
    name_key = name_key()
    rank = models.PositiveSmallIntegerField(
        default=50, db_default=50, help_text="Low numbers are urgent and stand first."
    )
    usual = models.BooleanField(default=False, db_default=False, help_text="New tickets get it.")
    answer_minutes = Minutes("first answer within minutes", null=True, blank=True)
    solve_minutes = Minutes("solved within minutes", null=True, blank=True)
    vip_answer_minutes = Minutes("first answer to a VIP within minutes", null=True, blank=True)
    vip_solve_minutes = Minutes("solved for a VIP within minutes", null=True, blank=True)
    around_the_clock = models.BooleanField(
        default=False, db_default=False, help_text="The times run outside office hours too."
    )
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer offered.")

    class Meta:
        ordering = ["rank", "name_key"]
        verbose_name_plural = "priorities"
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="priority_name_once"),
            models.UniqueConstraint(fields=["usual"], condition=Q(usual=True), name="one_usual_priority"),
            models.CheckConstraint(
                condition=Q(usual=False) | Q(retired=False), name="usual_priority_is_offered"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """One priority is the usual one: the last that was chosen."""
        if self.usual:
            Priority.objects.exclude(pk=self.pk).filter(usual=True).update(usual=False)
        super().save(*args, **kwargs)


@audited(words=("name",))
class CloseReason(models.Model):
    """Why a ticket is closed; retired, never edited once used."""

    name = models.CharField(max_length=60)
    name_key = name_key()
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer offered.")

    class Meta:
        ordering = ["name_key"]
        verbose_name = "reason for closing a ticket"
        verbose_name_plural = "reasons for closing tickets"
        constraints = [models.UniqueConstraint(fields=["name_key"], name="close_reason_name_once")]

    def __str__(self) -> str:
        return self.name


@audited(words=("name",))
class CannedAnswer(models.Model):
    """An answer given often, with fields of a closed list in braces."""

    name = models.CharField(max_length=80)
    name_key = name_key()
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="canned_answers",
        help_text="Empty: for all.",
    )
    text = models.TextField(max_length=5000)
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer offered.")

    class Meta:
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="canned_answer_name_once")]

    def __str__(self) -> str:
        return self.name


@audited()
class HelpdeskRules(models.Model):
    """How the helpdesk works; one row."""

    only = models.BooleanField(default=True, db_default=True, editable=False)
    portal_tickets = models.BooleanField(
        "customers may open tickets in the portal", default=True, db_default=True
    )
    reopen_days = models.PositiveSmallIntegerField(
        "a reply reopens for days",
        default=14,
        db_default=14,
        help_text="Later it opens a new, linked ticket.",
    )
    link_days = models.PositiveSmallIntegerField(
        "links work for days after closing",
        default=14,
        db_default=14,
        help_text="The customer's link to a ticket, which needs no log-in.",
    )
    mail_on_assignment = models.BooleanField(
        "mail to whom a ticket is assigned", default=True, db_default=True
    )
    sms_on_assignment = models.BooleanField(
        "SMS to whom a ticket is assigned", default=False, db_default=False
    )
    breach_minutes = models.PositiveSmallIntegerField(
        "about to breach before minutes",
        default=60,
        db_default=60,
        help_text="From when on a ticket stands among those that are about to be late.",
    )
    vip_category = models.ForeignKey(
        "customers.Category",
        verbose_name="category of VIPs",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Its customers have the priorities' times for VIPs.",
    )
    rating_days = models.PositiveSmallIntegerField("rating links work for days", default=30, db_default=30)
    rating_threshold = models.PositiveSmallIntegerField(
        "a ticket opens for ratings of at most",
        default=2,
        db_default=2,
        validators=[MinValueValidator(0), MaxValueValidator(5)],
        help_text="0: never.",
    )
    tickets_domain = models.CharField(
        "domain of tickets",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="In what our answers refer to; empty: “tickets.” before the domain that mail is sent from.",
    )
    authserv_id = models.CharField(
        "our mail server's name",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="As it stands in Authentication-Results; only then is mail from staff believed.",
    )

    class Meta:
        verbose_name = "helpdesk settings"
        verbose_name_plural = "helpdesk settings"
        default_permissions = ("view", "change")
        permissions = [("see_helpdesk_reports", "Can see the figures of the helpdesk")]
        constraints = [
            models.UniqueConstraint(fields=["only"], name="one_set_of_helpdesk_settings"),
            models.CheckConstraint(condition=Q(only=True), name="helpdesk_settings_are_the_only_ones"),
        ]

    def __str__(self) -> str:
        return "Helpdesk settings"
