from decimal import Decimal

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from herotill import vat
from herotill.audit import audited
from herotill.folding import name_key
from herotill.money import MoneyField


@audited()
class ProductType(models.Model):
    """What kind of thing we sell: bandwidth, voice, hardware. Reports add revenue up by it."""

    name = models.CharField(max_length=60)
    name_key = name_key()
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer offered for new products."
    )

    class Meta:
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="product_type_name_once")]

    def __str__(self) -> str:
        return self.name


@audited(words=("name",), code="code")
class Product(models.Model):
    """Something we sell, once or every month. What it costs stands in `Price`."""

    class VatClass(models.TextChoices):
        STANDARD, ZERO, EXEMPT = vat.PRODUCT_CLASSES

    class ProRata(models.TextChoices):
        DAILY = "daily", "By days"
        FULL = "full", "The whole month"
        NONE = "none", "Nothing for a part of a month"

    code = models.CharField(
        max_length=30,
        db_collation="C",
        validators=[
            RegexValidator(r"^[A-Z0-9][A-Z0-9._/+-]*\Z", "Capital letters, figures and . _ / + - only.")
        ],
    )
    name = models.CharField(max_length=100)
    name_key = name_key()
    description = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="The text on invoices."
    )
    product_type = models.ForeignKey(ProductType, on_delete=models.PROTECT, related_name="products")
    vat_class = models.CharField(
        "VAT class",
        max_length=8,
        choices=VatClass.choices,
        default=VatClass.STANDARD,
        db_default=VatClass.STANDARD,
    )
    price_includes_vat = models.BooleanField("prices include VAT", default=True, db_default=True)
    pro_rata = models.CharField(
        "part of a month",
        max_length=5,
        choices=ProRata.choices,
        default=ProRata.DAILY,
        db_default=ProRata.DAILY,
        help_text="What is charged for a month in which it starts, ends or is held.",
    )
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer sold.")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="product_code_once"),
            models.CheckConstraint(
                condition=Q(code=Upper("code")) & ~Q(code=""), name="product_code_in_capitals"
            ),
            models.CheckConstraint(
                condition=Q(vat_class__in=[key for key, _ in vat.PRODUCT_CLASSES]),
                name="product_vat_class_known",
            ),
            models.CheckConstraint(
                condition=Q(pro_rata__in=["daily", "full", "none"]), name="product_pro_rata_known"
            ),
        ]
        permissions = [
            ("import_products", "Can import products"),
            ("roll_back_product_import", "Can take an import of products back"),
        ]
        indexes = [models.Index(fields=["name_key", "id"], name="products_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def invoice_text(self) -> str:
        return self.description or self.name


@audited()
class PriceList(models.Model):
    """Prices of their own for some customers. Where it has none, the price for everybody counts."""

    name = models.CharField(max_length=100)
    name_key = name_key()
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer offered for more customers."
    )

    class Meta:
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="price_list_name_once")]

    def __str__(self) -> str:
        return self.name


@audited(words=("amount",))
class Price(models.Model):
    """What a product costs a unit from a day on, until the next price; without a list, everybody."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="prices", db_index=False)
    price_list = models.ForeignKey(
        PriceList, on_delete=models.PROTECT, null=True, blank=True, related_name="prices"
    )
    starts_on = models.DateField("from")
    amount = MoneyField(validators=[MinValueValidator(Decimal(0))])

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "price_list", "starts_on"], nulls_distinct=False, name="price_once_a_day"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"
