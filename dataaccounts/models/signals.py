"""What routers tell us beside RADIUS, and whose turn it is to speak to one."""

from django.db import models
from django.db.models import Q

from .accounts import DataAccount
from .network import Nas


class SignalReading(models.Model):
    """How well an account's radio was heard when it was last asked, in dBm: -50 is strong, -85 weak."""

    account = models.OneToOneField(
        DataAccount, on_delete=models.CASCADE, primary_key=True, related_name="signal"
    )
    nas = models.ForeignKey(Nas, on_delete=models.CASCADE, related_name="signals")
    dbm = models.SmallIntegerField("signal strength, dBm")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(dbm__gte=-128, dbm__lte=0), name="signal_in_dbm"),
        ]

    def __str__(self) -> str:
        return f"{self.dbm} dBm"


class NasTurn(models.Model):
    """Until when one worker has a router for itself, so that all workers together keep to its pace."""

    nas = models.OneToOneField(Nas, on_delete=models.CASCADE, primary_key=True, related_name="turn")
    busy_until = models.DateTimeField()
    polled_at = models.DateTimeField(null=True)
    poll_said = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "turn at a NAS"

    def __str__(self) -> str:
        return f"{self.nas_id} until {self.busy_until}"
