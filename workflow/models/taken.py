"""What became of the lines of an accepted quote."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from billing.models.people import person

from .leads import Lead
from .quotes import QuoteLine


class TakenOver(models.Model):
    """One thing of an accepted quote that the customer has now: a data account, or an item that is billed. Or why
    it was `left` out.

    A line that holds several accounts has a `part` for each; a part is taken over once. Both wait until their
    service begins with the job (`services.beginning`), and nothing of them is billed before.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="taken_over")
    line = models.ForeignKey(QuoteLine, on_delete=models.CASCADE, related_name="taken_over", db_index=False)
    part = models.PositiveSmallIntegerField(default=1, db_default=1)
    account = models.OneToOneField(
        "dataaccounts.DataAccount", on_delete=models.CASCADE, null=True, related_name="+"
    )
    item = models.OneToOneField(
        "billing.RecurringItem", on_delete=models.CASCADE, null=True, related_name="+"
    )
    left = models.CharField(max_length=200, blank=True, default="", db_default="")
    at = models.DateTimeField(db_default=Now())
    by = person()

    class Meta:
        default_permissions = ()
        permissions = [("take_over_products", "Can take over what an accepted quote holds")]
        ordering = ["line", "part"]
        constraints = [
            models.UniqueConstraint(fields=["line", "part"], name="quote_line_taken_over_once"),
            models.CheckConstraint(
                condition=Q(account__isnull=True, item__isnull=False, left="")
                | Q(account__isnull=False, item__isnull=True, left="")
                | Q(account__isnull=True, item__isnull=True) & ~Q(left=""),
                name="taken_over_or_left_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}.{self.part} of {self.lead_id}"
