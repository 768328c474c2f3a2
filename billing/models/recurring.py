"""What a customer is billed for every period, and when not."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.money import ZERO, MoneyField


@audited(customer="customer", words=("text",), exclude=("created_at",))
class RecurringItem(models.Model):
    """A product on a customer, billed every month from its first to its last day; or once, when `once`.

    Its price is the newest of its own prices, else the product's on the customer's price list.
    """

    class ProRata(models.TextChoices):
        PRODUCT = "", "As the product says"
        DAILY = "daily", "By calendar days"
        FULL = "full", "Full month"
        NONE = "none", "Only full months"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="recurring_items"
    )
    product = models.ForeignKey("reference.Product", on_delete=models.PROTECT, related_name="+")
    text = models.CharField("description", max_length=200, blank=True, default="", db_default="")
    quantity = models.DecimalField(
        max_digits=12, decimal_places=3, default=1, validators=[MinValueValidator(0)]
    )
    discount = models.DecimalField(
        "discount in %",
        max_digits=5,
        decimal_places=2,
        default=ZERO,
        db_default=ZERO,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    discount_until = models.DateField("discount until", null=True, blank=True)
    once = models.BooleanField("once only", default=False, db_default=False)
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day", null=True, blank=True)
    bill_from = models.DateField(
        "billed here from",
        null=True,
        blank=True,
        help_text="Days before this were billed elsewhere. Empty: billed from the first day.",
    )
    pro_rata = models.CharField(
        "part of a month",
        max_length=5,
        choices=ProRata.choices,
        blank=True,
        default=ProRata.PRODUCT,
        db_default="",
        help_text="How a month counts in which the item starts, ends, is held or changes price.",
    )
    fixed_until = models.DateField("price fixed until", null=True, blank=True)
    waiting = models.BooleanField(
        "waits for the service to begin",
        default=False,
        db_default=False,
        editable=False,
        help_text="Not billed before it begins, as a data account that is not active yet.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "recurring item"
        indexes = [models.Index(fields=["customer", "id"], name="recurring_of_customer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="item_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="item_quantity_no_less_than_zero"),
            models.CheckConstraint(condition=Q(discount__range=(0, 100)), name="item_discount_a_percentage"),
        ]

    def __str__(self) -> str:
        return self.text or f"Item {self.pk}"


@audited(customer="item__customer")
class ItemPrice(models.Model):
    """A price of an item's own, from a day on, in the product's terms (with or without VAT).

    Without an amount it goes back to the price list, from that day until the next of its own. A rise that the customer did not ask for needs notice; `agreed` says that they asked for or agreed to it.
    """

    item = models.ForeignKey(RecurringItem, on_delete=models.CASCADE, related_name="prices")
    starts_on = models.DateField("from")
    amount = MoneyField(null=True, validators=[MinValueValidator(0)])
    agreed = models.BooleanField(
        "the customer agreed", default=False, db_default=False, help_text="Asked for it or agreed to it."
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "item price"
        constraints = [
            models.UniqueConstraint(fields=["item", "starts_on"], name="item_price_once_a_day"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="item_price_no_less_than_zero"),
        ]

    def __str__(self) -> str:
        return f"{'List price' if self.amount is None else self.amount} from {self.starts_on}"


@audited(customer="customer", exclude=("set_at",))
class Hold(models.Model):
    """Days on which a customer, or one item, is not billed: the snow-birds' months away."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="holds")
    item = models.ForeignKey(
        RecurringItem, on_delete=models.CASCADE, null=True, blank=True, related_name="holds"
    )
    first = models.DateField("first day")
    last = models.DateField("last day")
    reason = models.CharField(max_length=200)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["customer"], name="hold_of_customer")]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="hold_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


@audited(customer="customer", exclude=("set_at",))
class Waiver(models.Model):
    """A period that a person decided not to bill of one billable thing; the run leaves it out for ever."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="waivers")
    source = models.CharField(max_length=10, db_collation="C")
    item_id = models.BigIntegerField()
    period = models.DateField("month (its first day)")
    reason = models.CharField(max_length=200)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "item_id", "period"], name="waiver_once_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.item_id}, {self.period}"
