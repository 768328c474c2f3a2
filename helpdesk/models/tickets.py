"""Tickets: what somebody wants of us, who sees to it, and all that was said."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Least, Now

from billing.models.people import person

from .desk import Category, CloseReason, Department, Priority

# When something is next to be done about a ticket; about a closed one nothing is.
NEXT_DUE = Case(
    When(state="closed", then=None),
    When(answered_at=None, then=Least("answer_due_at", "solve_due_at")),
    default=F("solve_due_at"),
)


class Ticket(models.Model):
    """One matter, from its opening to its closing. Its number is its id; its history is its posts.

    `token` stands in the Message-IDs and reply addresses of our mails, so that an answer finds its ticket; it
    opens nothing. `last_by_customer` says who spoke last, `last_at` when. The due times come from the priority;
    they count from the opening, or the last reopening, and the time to solve stands still while the customer is
    waited for (`helpdesk.services.due_times`).
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        PENDING = "pending", "Waits for the customer"
        CLOSED = "closed", "Closed"

    class Origin(models.TextChoices):
        STAFF = "staff", "Staff"
        PORTAL = "portal", "Portal"
        EMAIL = "email", "Email"
        RATING = "rating", "Rating"
        CANCELLATION = "cancellation", "Denied cancellation"
        JOB = "job", "Failed job"
        WISH = "wish", "Wish to be forgotten"

    # Opened by the house for something we did, not by a customer who asks.
    ABOUT_US = (Origin.RATING, Origin.CANCELLATION, Origin.JOB, Origin.WISH)

    token = models.CharField(max_length=16, editable=False, db_collation="C")
    subject = models.CharField(max_length=200)
    state = models.CharField(
        max_length=7, choices=State.choices, default=State.OPEN, db_default=State.OPEN, db_collation="C"
    )
    origin = models.CharField(
        max_length=12, choices=Origin.choices, default=Origin.STAFF, editable=False, db_collation="C"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets", db_index=False
    )
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        db_index=False,
    )
    watchers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Watching", related_name="+", blank=True
    )

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        db_index=False,
    )
    account = models.ForeignKey(
        "dataaccounts.DataAccount",
        verbose_name="data account",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    nas = models.ForeignKey(
        "dataaccounts.Nas",
        verbose_name="NAS",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    outage = models.ForeignKey(
        "dataaccounts.Outage",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    about_kind = models.CharField(
        max_length=20,
        blank=True,
        default="",
        db_default="",
        editable=False,
        db_collation="C",
        help_text="What made us open it: job, cancellation, rating.",
    )
    about_id = models.BigIntegerField(null=True, editable=False)
    requester_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    requester_email = models.CharField(
        max_length=254,
        blank=True,
        default="",
        db_default="",
        db_collation="C",
        help_text="Lower case; where answers go.",
    )

    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    opened_by = person()
    answered_at = models.DateTimeField("first answered", null=True, editable=False)
    answer_due_at = models.DateTimeField(null=True, editable=False)
    solve_due_at = models.DateTimeField(null=True, editable=False)
    counts_from = models.DateTimeField(null=True, editable=False, help_text="The last reopening.")
    waits_since = models.DateTimeField(null=True, editable=False)
    waited = models.PositiveIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="Minutes of service for which the customer was waited for.",
    )
    warned_of = models.DateTimeField(
        null=True, editable=False, help_text="The due time of which somebody was told that it comes near."
    )
    late_of = models.DateTimeField(
        null=True, editable=False, help_text="The due time of which somebody was told that it is over."
    )
    last_at = models.DateTimeField(db_default=Now(), editable=False)
    last_by_customer = models.BooleanField(default=False, db_default=False, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = person()
    close_reason = models.ForeignKey(
        CloseReason, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    close_words = models.CharField(max_length=500, blank=True, default="", db_default="", editable=False)
    reopened = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged", editable=False, db_index=False
    )
    linked_to = models.ForeignKey(
        "self",
        verbose_name="follows",
        on_delete=models.PROTECT,
        null=True,
        related_name="followed_by",
        editable=False,
        db_index=False,
        help_text="The closed ticket it was a reply to, or the one it was split from.",
    )
    link_version = models.PositiveSmallIntegerField(
        default=1, db_default=1, editable=False, help_text="Raised to end the links given so far."
    )
    forgotten_on = models.DateField(null=True, editable=False, help_text="When what is personal was blanked.")

    class Meta:
        ordering = ["-id"]
        permissions = [
            ("answer_ticket", "Can answer customers in tickets"),
            ("assign_ticket", "Can assign tickets to others"),
            ("close_ticket", "Can close and reopen tickets"),
            ("merge_ticket", "Can merge and split tickets"),
            ("triage_mail", "Can decide about mail of unknown senders"),
            ("export_tickets", "Can export large lists of tickets"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed") ^ Q(closed_at=None), name="closed_ticket_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(close_reason__isnull=False) | Q(merged_into__isnull=False),
                name="closed_ticket_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(state="closed") & ~Q(merged_into=F("id")),
                name="merged_ticket_is_closed",
            ),
            models.CheckConstraint(condition=~Q(subject=""), name="ticket_has_a_subject"),
            models.UniqueConstraint(
                fields=["about_kind", "about_id"],
                condition=Q(about_id__isnull=False),
                name="one_ticket_about_it",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="tickets_of_customer"),
            models.Index(
                fields=["department", "-last_at", "-id"],
                name="tickets_of_department",
                condition=~Q(state="closed"),
            ),
            models.Index(
                fields=["assignee", "-last_at", "-id"],
                name="tickets_of_assignee",
                condition=~Q(state="closed"),
            ),
            models.Index(fields=["assignee", "id"], name="tickets_given"),
            models.Index(fields=["solve_due_at", "id"], name="tickets_due", condition=~Q(state="closed")),
            models.Index(NEXT_DUE, "id", name="tickets_by_next_due"),
            models.Index(fields=["-last_at", "-id"], name="tickets_by_last"),
            models.Index(
                fields=["-last_at", "-id"], name="tickets_open_by_last", condition=~Q(state="closed")
            ),
            models.Index(fields=["opened_at", "id"], name="tickets_by_opening"),
            models.Index(fields=["closed_at", "id"], name="tickets_by_closing", condition=Q(state="closed")),
            models.Index(fields=["requester_email", "-id"], name="tickets_of_requester"),
            models.Index(
                fields=["merged_into"], name="tickets_merged", condition=Q(merged_into__isnull=False)
            ),
            models.Index(
                fields=["linked_to"], name="tickets_following", condition=Q(linked_to__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"


class Watching(models.Model):
    """Somebody of ours who is told what happens on a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="watchings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="watches_once")]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.ticket_id}"


class Presence(models.Model):
    """Who looks at a ticket now, or writes an answer; so that two do not answer."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    writes = models.BooleanField(default=False, db_default=False)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.ticket_id}"


class Post(models.Model):
    """One thing said on a ticket, or that happened to it; never changed afterwards (trigger `posts_stand`).

    The customer sees what they said and what we answered; never notes, nor what happened.
    """

    class Kind(models.TextChoices):
        SAID = "said", "Said by the customer"
        ANSWER = "answer", "Answer"
        NOTE = "note", "Internal note"
        EVENT = "event", "What happened"

    class Via(models.TextChoices):
        DESK = "desk", "Desk"
        PORTAL = "portal", "Portal"
        LINK = "link", "Link"
        EMAIL = "email", "Email"
        JOB = "job", "By itself"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="posts", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind.choices, db_collation="C")
    via = models.CharField(max_length=6, choices=Via.choices, default=Via.DESK, db_collation="C")
    at = models.DateTimeField(db_default=Now(), editable=False)
    author = person()
    author_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    author_email = models.CharField(max_length=254, blank=True, default="", db_default="", db_collation="C")
    text = models.TextField(help_text="As shown: without what was quoted.")
    html = models.TextField(
        blank=True, default="", db_default="", help_text="The cleaned HTML of a mail, where it came with one."
    )
    moved_from = models.ForeignKey(
        Ticket,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
        help_text="The ticket it was said on, before merging or splitting.",
    )

    class Meta:
        default_permissions = ()
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["ticket", "at", "id"], name="posts_of_ticket")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["answer", "note"]) | Q(author__isnull=False),
                name="answer_has_an_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.ticket_id}"

    @property
    def is_public(self) -> bool:
        return self.kind in (self.Kind.SAID, self.Kind.ANSWER)


class PostFile(models.Model):
    """A file that came with a post. Its bytes stay as they came, known by their SHA-256."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="files")
    file = models.FileField(upload_to="tickets/%Y/%m", max_length=200)
    filename = models.CharField("file name", max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="In octets.")
    sha256 = models.CharField(max_length=64)
    content_id = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="By which the text of a mail shows it.",
    )

    class Meta:
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return self.filename
