"""Usage in octets: an account's by local day and by hour, and the load of routers and sectors by the hour.

These tables are partitioned, made by a migration in SQL; the models only read them. Rows are written by the
importer, set-based.
"""

from django.db import models
from django.db.models import CompositePrimaryKey

from .accounts import DataAccount


class UsageDay(models.Model):
    """What an account used on a local day."""

    pk = CompositePrimaryKey("account", "day")
    account = models.ForeignKey(DataAccount, on_delete=models.DO_NOTHING, related_name="usage_days")
    day = models.DateField()
    download = models.BigIntegerField()
    upload = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "dataaccounts_usageday"

    def __str__(self) -> str:
        return f"{self.account_id} on {self.day}"


class UsageMonth(models.Model):
    """What an account used in a month, as it was last summed up; `services.usage_months` does."""

    pk = CompositePrimaryKey("month", "account")
    month = models.DateField()
    account = models.ForeignKey(DataAccount, on_delete=models.DO_NOTHING, related_name="usage_months")
    download = models.BigIntegerField()
    upload = models.BigIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "dataaccounts_usagemonth"

    def __str__(self) -> str:
        return f"{self.account_id} in {self.month}"


class UsageHour(models.Model):
    """What an account used in an hour; `hour` is the moment it begins. Kept for some days only."""

    pk = CompositePrimaryKey("account", "hour")
    account = models.ForeignKey(DataAccount, on_delete=models.DO_NOTHING, related_name="usage_hours")
    hour = models.DateTimeField()
    download = models.BigIntegerField()
    upload = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "dataaccounts_usagehour"

    def __str__(self) -> str:
        return f"{self.account_id} at {self.hour}"


class LoadHour(models.Model):
    """What went over a router, and over a sector of it where the account has one, in an hour."""

    pk = CompositePrimaryKey("nas_address", "sector_id", "hour")
    nas_address = models.GenericIPAddressField()
    sector_id = models.BigIntegerField()  # 0: no sector
    hour = models.DateTimeField()
    download = models.BigIntegerField()
    upload = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "dataaccounts_loadhour"

    def __str__(self) -> str:
        return f"{self.nas_address} at {self.hour}"
