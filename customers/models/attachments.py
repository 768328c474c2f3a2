from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from herotill.audit import audited

from .customers import Customer


@audited(customer="customer", exclude=("file", "uploaded_at"), words=("filename",))
class Attachment(models.Model):
    """A file kept as evidence. Its bytes stay as they came, known by their SHA-256."""

    class Kind(models.TextChoices):
        SERVICE_APPLICATION = "service_application", "Service application"
        SITE_SURVEY = "site_survey", "Site-survey form"
        INSTALLATION_PHOTO = "installation_photo", "Installation photo"
        JOB_CARD = "job_card", "Job card"
        AOD_LETTER = "aod_letter", "AOD letter (acknowledgement of debt)"
        EFT_LETTER = "eft_letter", "EFT letter"
        DEBIT_ORDER = "debit_order", "Debit-order details"
        OTHER = "other", "Other"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.OTHER)
    file = models.FileField(upload_to="attachments/%Y/%m", max_length=200)
    filename = models.CharField("file name", max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="In octets.")
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True, default="", db_default="")
    shared = models.BooleanField(
        "shown in the portal",
        default=False,
        db_default=False,
        help_text="The customer can download it there.",
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        indexes = [models.Index(fields=["customer", "-uploaded_at", "-id"], name="attachments_newest_first")]

    def __str__(self) -> str:
        return self.filename
