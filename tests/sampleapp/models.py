from django.db import models

from customers.models import Customer
from herotill.audit import audited
from herotill.money import MoneyField
from herotill.secrets import EncryptedField


@audited()
class Safe(models.Model):
    """A safe in the office: belongs to no customer, and its combination is a secret."""

    name = models.CharField(max_length=100)
    combination_last_four = models.CharField(max_length=4, blank=True, default="", editable=False)
    combination = EncryptedField(last_four="combination_last_four", permission="sampleapp.see_combination")

    class Meta:
        permissions = [("see_combination", "Can see the combination of a safe")]

    def __str__(self) -> str:
        return self.name


@audited(customer="customer", exclude=("rings",), sensitive={"price": "sampleapp.see_price"})
class Gadget(models.Model):
    """Something a customer has of us; everything that an app can register is about gadgets."""

    class Size(models.TextChoices):
        SMALL = "s", "Small"
        LARGE = "l", "Large"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="gadgets")
    name = models.CharField(max_length=100)
    size = models.CharField(max_length=1, choices=Size.choices, default=Size.SMALL)
    price = MoneyField(null=True, blank=True)
    safe = models.ForeignKey(Safe, on_delete=models.PROTECT, null=True, blank=True, related_name="gadgets")
    bought_on = models.DateField(null=True, blank=True)
    rings = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Counted by itself, so not audited."
    )
    licence_last_four = models.CharField(max_length=4, blank=True, default="", editable=False)
    licence = EncryptedField("licence key", last_four="licence_last_four", permission="sampleapp.see_licence")

    class Meta:
        permissions = [("see_price", "Can see prices"), ("see_licence", "Can see licence keys")]

    def __str__(self) -> str:
        return self.name


@audited(customer="gadget__customer", words=("text",), permission="sampleapp.view_gadget")
class Remark(models.Model):
    """Said of a gadget; reaches its customer through it."""

    gadget = models.ForeignKey(Gadget, on_delete=models.CASCADE, related_name="remarks")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text


class Mark(models.Model):
    """Something a job leaves behind, so that a test can count what was done."""

    text = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.text
