"""What is added to an allowance, and who is told how much of it is used."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.secrets import EncryptedField

from .accounts import DataAccount
from .packages import Package, ToppingOffer


class Topping(models.Model):
    """Data given to an account: octets from a day to a day, or days of prepaid service.

    `charge` says how it is paid: free, on the next invoice (billing finds it as a thing to bill once, under
    this row's id), or paid before, when `document` names the tax invoice's number. `used_before` is what was used
    of the period when it was given. `token` says which sending of a form it came from, so that a form sent twice
    gives once.
    """

    class Charge(models.TextChoices):
        FREE = "free", "Given"
        NEXT = "next", "On the next invoice"
        PAID = "paid", "Paid"

    account = models.ForeignKey(DataAccount, on_delete=models.PROTECT, related_name="toppings")
    offer = models.ForeignKey(ToppingOffer, on_delete=models.PROTECT, null=True, related_name="given")
    octets = models.BigIntegerField(default=0, db_default=0)
    used_before = models.BigIntegerField(default=0, db_default=0, editable=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    charge = models.CharField(max_length=4, choices=Charge.choices)
    document = models.CharField(max_length=30, blank=True, default="", db_default="")
    reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    token = models.CharField(max_length=40, null=True, editable=False, db_collation="C")  # noqa: DJ001
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    added_at = models.DateTimeField(db_default=Now(), editable=False)
    taken_back_at = models.DateTimeField(null=True, editable=False)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ["-added_at", "-id"]
        permissions = [("give_topping", "Can give data free")]
        indexes = [models.Index(fields=["account", "ends_on"], name="toppings_of_account")]
        constraints = [
            models.CheckConstraint(condition=Q(octets__gte=0), name="topping_not_negative"),
            models.UniqueConstraint(fields=["token"], name="topping_given_once"),
        ]

    def __str__(self) -> str:
        return f"{self.octets} octets"


@audited(customer="account__customer", words=("email", "sms"))
class UsageNotice(models.Model):
    """Whom to tell when an account has used so much of its allowance; apart from the contacts on purpose."""

    account = models.OneToOneField(DataAccount, on_delete=models.CASCADE, related_name="notices")
    at_50 = models.BooleanField("at 50 %", default=False, db_default=False)
    at_75 = models.BooleanField("at 75 %", default=True, db_default=True)
    at_90 = models.BooleanField("at 90 %", default=True, db_default=True)
    at_100 = models.BooleanField("at 100 %", default=True, db_default=True)
    email = models.EmailField("email to", blank=True, default="", db_default="")
    sms = models.CharField("SMS to", max_length=20, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "usage notification settings"
        verbose_name_plural = "usage notification settings"

    def __str__(self) -> str:
        return f"Notices of {self.account_id}"


class NoticeSent(models.Model):
    """That the notice of a threshold went out, once an account and period."""

    account = models.ForeignKey(DataAccount, on_delete=models.CASCADE, related_name="notices_sent")
    period = models.DateField("month (its first day)")
    percent = models.PositiveSmallIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "period", "percent"], name="notice_once_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.percent} % in {self.period}"


@audited(words=("name",), exclude=("made_at",))
class VoucherBatch(models.Model):
    """Hotspot vouchers made together: what one gives, and until when it can be redeemed."""

    name = models.CharField(max_length=100)
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="voucher_batches")
    offer = models.ForeignKey(ToppingOffer, on_delete=models.PROTECT, related_name="voucher_batches")
    count = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    expires_on = models.DateField("redeemed until")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "voucher batches"
        permissions = [
            ("print_vouchers", "Can print and export voucher codes"),
            ("redeem_voucher", "Can redeem vouchers for customers"),
        ]

    def __str__(self) -> str:
        return self.name


class Voucher(models.Model):
    """One code. It is found by its hash and redeemed by one conditional update."""

    batch = models.ForeignKey(VoucherBatch, on_delete=models.PROTECT, related_name="vouchers")
    number = models.PositiveIntegerField()
    code_last_four = models.CharField(max_length=4, blank=True, default="", db_default="", editable=False)
    code = EncryptedField(last_four="code_last_four", permission="dataaccounts.print_vouchers")
    code_hash = models.CharField(max_length=64, db_collation="C")
    redeemed_at = models.DateTimeField(null=True, editable=False)
    account = models.ForeignKey(
        DataAccount, on_delete=models.PROTECT, null=True, related_name="vouchers", editable=False
    )
    topping = models.OneToOneField(
        Topping, on_delete=models.PROTECT, null=True, related_name="voucher", editable=False
    )

    class Meta:
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["code_hash"], name="voucher_code_once"),
            models.UniqueConstraint(fields=["batch", "number"], name="voucher_number_once_a_batch"),
            models.CheckConstraint(
                condition=Q(redeemed_at=None, account=None)
                | Q(redeemed_at__isnull=False, account__isnull=False),
                name="voucher_redeemed_by_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}-{self.number}"
