from django.db import models

from herotill.audit import audited

from .addresses import Address
from .customers import Customer


@audited(customer="customer", words=("description",))
class Asset(models.Model):
    """Equipment at a customer: ours to fetch one day, or theirs."""

    class Owner(models.TextChoices):
        ISP = "isp", "Ours"
        CUSTOMER = "customer", "The customer's"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="assets")
    description = models.CharField(max_length=200, help_text="What it is: router, radio, UPS.")
    model = models.CharField("make and model", max_length=100, blank=True, default="", db_default="")
    serial_number = models.CharField(max_length=100, blank=True, default="", db_default="")
    mac_address = models.CharField("MAC address", max_length=17, blank=True, default="", db_default="")
    owner = models.CharField(max_length=8, choices=Owner.choices, default=Owner.ISP)
    address = models.ForeignKey(
        Address, on_delete=models.SET_NULL, null=True, blank=True, related_name="assets"
    )
    installed_on = models.DateField(null=True, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["customer", "-id"], name="assets_of_a_customer")]

    def __str__(self) -> str:
        return self.description
