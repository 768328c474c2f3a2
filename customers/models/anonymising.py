from django.conf import settings
from django.db import models

from .customers import Customer


class Anonymisation(models.Model):
    """That a customer's personal data was blanked: why, by whom, and until when the rest must stay.

    It cannot be undone. Without `asked_by` it was the nightly job. `documents_on` and `books_on` say when
    what tax and company law demand went too.
    """

    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="anonymisation")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True, default="", db_default="")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    documents_due = models.DateField()
    books_due = models.DateField()
    accounts_on = models.DateField(null=True, help_text="When the bank account numbers went.")
    documents_on = models.DateField(null=True)
    books_on = models.DateField(null=True)

    class Meta:
        default_permissions = ("view",)
        permissions = [
            ("anonymise_customer", "Can ask for a former customer to be anonymised"),
            ("approve_anonymising", "Can approve that a customer is anonymised"),
        ]
        indexes = [
            models.Index(
                fields=["documents_due"], name="documents_to_blank", condition=models.Q(documents_on=None)
            ),
            models.Index(fields=["books_due"], name="books_to_blank", condition=models.Q(books_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} on {self.at:%Y-%m-%d}"
