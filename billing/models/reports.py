"""What reports keep: pictures of everybody's age analysis, statements that were mailed, the debtors we took over."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from customers.models import Customer
from herotill.audit import audited
from herotill.money import ZERO, MoneyField


class AgeingPicture(models.Model):
    """Everybody's age analysis as at one day, counted in one way, kept for the pages of a list.

    It stands as long as nothing was posted or allocated since (`marker`), and is made anew when it does not.
    """

    as_at = models.DateField()
    by_months = models.BooleanField()
    from_due = models.BooleanField()
    marker = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    took = models.FloatField(default=0, db_default=0, help_text="Seconds it took to make.")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["as_at", "by_months", "from_due"], name="one_picture_a_day_and_way"
            )
        ]

    def __str__(self) -> str:
        return f"{self.as_at}"


class AgedCustomer(models.Model):
    """One customer of a picture, with what the list sorts and filters by. Its id is made of both."""

    id = models.BigIntegerField(primary_key=True)
    picture = models.ForeignKey(
        AgeingPicture, on_delete=models.CASCADE, related_name="customers", db_index=False
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    code = models.CharField(max_length=12, db_collation="C")
    name = models.CharField(max_length=401)
    name_key = models.CharField(max_length=200, db_collation="C")
    group = models.BigIntegerField()
    billing_group = models.BigIntegerField(null=True)
    status = models.CharField(max_length=10, db_collation="C")
    payment_method = models.CharField(max_length=12, db_collation="C")
    days120 = MoneyField("120 days and more")
    days90 = MoneyField("90 days")
    days60 = MoneyField("60 days")
    days30 = MoneyField("30 days")
    current = MoneyField()
    total = MoneyField()

    class Meta:
        default_permissions = ()
        permissions = [
            ("see_age_analysis", "Can see the age analysis of all customers"),
            ("export_age_analysis", "Can export large age analyses"),
            ("send_statements", "Can mail statements"),
            ("see_reports", "Can see reports"),
        ]
        indexes = [
            models.Index(fields=["picture", "total"], name="aged_by_total"),
            models.Index(fields=["picture", "name_key"], name="aged_by_name"),
            models.Index(fields=["picture", "current", "id"], name="aged_by_current"),
        ]

    def __str__(self) -> str:
        return self.code


class AgedSum(models.Model):
    """What those of a picture owe together who are alike in all that a report groups by."""

    picture = models.ForeignKey(AgeingPicture, on_delete=models.CASCADE, related_name="sums")
    group = models.BigIntegerField()
    billing_group = models.BigIntegerField(null=True)
    status = models.CharField(max_length=10, db_collation="C")
    payment_method = models.CharField(max_length=12, db_collation="C")
    customers = models.IntegerField()
    days120 = MoneyField("120 days and more")
    days90 = MoneyField("90 days")
    days60 = MoneyField("60 days")
    days30 = MoneyField("30 days")
    current = MoneyField()
    total = MoneyField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.picture_id} {self.total}"


class MailedStatement(models.Model):
    """A statement or transaction report that was mailed: of whom and for which days. The mail's subject."""

    class Form(models.TextChoices):
        STATEMENT = "statement", "Statement"
        TRANSACTIONS = "transactions", "Transaction report"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)
    form = models.CharField(max_length=12, choices=Form.choices, default=Form.STATEMENT)
    first = models.DateField()
    last = models.DateField()
    run_id = models.BigIntegerField(null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["customer", "-id"], name="statements_mailed_to")]
        constraints = [
            models.UniqueConstraint(
                fields=["run_id", "customer"], condition=Q(run_id__isnull=False), name="one_statement_a_run"
            ),
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="statement_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.first} to {self.last}"


@audited(words=("file_name",))
class TakeOver(models.Model):
    """The old system's age analysis on the day we took over, beside ours; signed when both are the same."""

    as_at = models.DateField("as at")
    file_name = models.CharField(max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    signed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        default_permissions = ("view",)
        permissions = [("sign_take_over", "Can upload the old age analysis and sign the debtors taken over")]
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="take_over_signed_by_a_person",
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class TakeOverRow(models.Model):
    """What one customer owed by age in the old system."""

    take_over = models.ForeignKey(TakeOver, on_delete=models.CASCADE, related_name="rows", db_index=False)
    code = models.CharField(max_length=40, db_collation="C")
    days120 = MoneyField(default=ZERO)
    days90 = MoneyField(default=ZERO)
    days60 = MoneyField(default=ZERO)
    days30 = MoneyField(default=ZERO)
    current = MoneyField(default=ZERO)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["take_over", "code"], name="take_over_row_once")]

    def __str__(self) -> str:
        return self.code


class MonthRevenue(models.Model):
    """What one product brought in one month, without VAT and net of credit notes, up to the entry `RevenueUpto` names."""

    month = models.DateField()
    product = models.BigIntegerField(default=0, help_text="The product's id; 0 for lines without one.")
    excl = MoneyField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["month", "product"], name="revenue_once_a_month")]

    def __str__(self) -> str:
        return f"{self.month} {self.product}"


class MonthVat(models.Model):
    """What documents of one kind came to at one rate in one month, as far as `RevenueUpto` says.

    Below zero for what takes away; without adjustments and history from before.
    """

    month = models.DateField()
    kind = models.CharField(max_length=12, db_collation="C")
    vat_class = models.CharField(max_length=8, db_collation="C")
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    documents = models.BigIntegerField()
    excl = MoneyField()
    vat = MoneyField()
    incl = MoneyField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["month", "kind", "vat_class", "vat_rate"], name="vat_once_a_month_and_rate"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.kind} {self.vat_rate}"


class MonthReceived(models.Model):
    """What came into one account in one month, and what of it was reversed since, as far as `RevenueUpto` says."""

    month = models.DateField()
    account = models.BigIntegerField()
    receipts = models.BigIntegerField()
    amount = MoneyField()
    reversed = MoneyField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["month", "account"], name="received_once_a_month")]

    def __str__(self) -> str:
        return f"{self.month} {self.account}"


class RevenueUpto(models.Model):
    """How far the ledger has been summed up by month; one row."""

    only = models.BooleanField(default=True, db_default=True)
    entry_id = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["only"], name="revenue_summed_once")]

    def __str__(self) -> str:
        return f"{self.entry_id}"
