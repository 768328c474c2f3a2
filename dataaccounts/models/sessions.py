"""Sessions as RADIUS writes them, the answers it gave, the devices seen, and what is owed to sessions.

`Session` and `LoginAnswer` are FreeRADIUS's own tables under its names; only their Python names are ours.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited

from .accounts import DataAccount
from .network import Nas


class SessionColumns(models.Model):
    """The columns of radacct. Octets: input is upload, output is download, as the router counts them."""

    id = models.BigAutoField(primary_key=True, db_column="radacctid")
    session_id = models.TextField(db_column="acctsessionid")
    unique_id = models.TextField(db_column="acctuniqueid", db_collation="C")
    username = models.TextField(null=True, db_collation="C")
    realm = models.TextField(null=True)
    nas_address = models.GenericIPAddressField(db_column="nasipaddress")
    nas_port_id = models.TextField(db_column="nasportid", null=True)
    nas_port_type = models.TextField(db_column="nasporttype", null=True)
    started_at = models.DateTimeField(db_column="acctstarttime", null=True)
    updated_at = models.DateTimeField(db_column="acctupdatetime", null=True)
    stopped_at = models.DateTimeField(db_column="acctstoptime", null=True)
    interval = models.BigIntegerField(db_column="acctinterval", null=True)
    seconds = models.BigIntegerField(db_column="acctsessiontime", null=True)
    authentic = models.TextField(db_column="acctauthentic", null=True)
    connect_info_start = models.TextField(db_column="connectinfo_start", null=True)
    connect_info_stop = models.TextField(db_column="connectinfo_stop", null=True)
    input_octets = models.BigIntegerField(db_column="acctinputoctets", null=True)
    output_octets = models.BigIntegerField(db_column="acctoutputoctets", null=True)
    called_station = models.TextField(db_column="calledstationid", null=True)
    calling_station = models.TextField(db_column="callingstationid", null=True)
    terminate_cause = models.TextField(db_column="acctterminatecause", null=True)
    service_type = models.TextField(db_column="servicetype", null=True)
    framed_protocol = models.TextField(db_column="framedprotocol", null=True)
    ip_address = models.GenericIPAddressField(db_column="framedipaddress", null=True)
    ipv6_address = models.GenericIPAddressField(db_column="framedipv6address", null=True)
    ipv6_prefix = models.GenericIPAddressField(db_column="framedipv6prefix", null=True)
    interface_id = models.TextField(db_column="framedinterfaceid", null=True)
    delegated_prefix = models.GenericIPAddressField(db_column="delegatedipv6prefix", null=True)
    class_attribute = models.TextField(db_column="class", null=True)

    class Meta:
        abstract = True


class Session(SessionColumns):
    """A session that is open or closed not long ago; older ones stand in `ArchivedSession`."""

    class Meta:
        db_table = "radacct"
        permissions = [
            ("cut_session", "Can disconnect sessions"),
            ("ping_session", "Can ping routers and sessions"),
            ("export_sessions", "Can export large lists of sessions"),
        ]
        constraints = [models.UniqueConstraint(fields=["unique_id"], name="radacct_acctuniqueid_key")]
        indexes = [
            models.Index(fields=["unique_id"], name="radacct_open", condition=Q(stopped_at=None)),
            models.Index(
                fields=["nas_address", "started_at"], name="radacct_open_at_nas", condition=Q(stopped_at=None)
            ),
            models.Index(fields=["username"], name="radacct_open_of_user", condition=Q(stopped_at=None)),
            models.Index(fields=["ip_address"], name="radacct_open_at_address", condition=Q(stopped_at=None)),
            models.Index(
                fields=["started_at", "id"], name="radacct_open_by_start", condition=Q(stopped_at=None)
            ),
            models.Index(fields=["username", "-started_at"], name="radacct_of_user"),
            models.Index(fields=["nas_address", "username"], name="radacct_at_nas"),
            models.Index(fields=["stopped_at"], name="radacct_closed", condition=Q(stopped_at__isnull=False)),
            models.Index(
                fields=["stopped_at"],
                name="radacct_ended_here",
                condition=Q(terminate_cause="Stale-Session", stopped_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.session_id


class ArchivedSession(SessionColumns):
    """A session that was closed long ago; a part for each month of its end, made by a migration in SQL."""

    class Meta:
        managed = False
        db_table = "radacct_archive"

    def __str__(self) -> str:
        return self.session_id


class AnySession(SessionColumns):
    """Every session, at hand or archived: a view over both."""

    class Meta:
        managed = False
        db_table = "radacct_all"

    def __str__(self) -> str:
        return self.session_id


class LoginAnswer(models.Model):
    """What RADIUS answered to one log-in; `reason` says why not, from what was known then."""

    id = models.BigAutoField(primary_key=True)
    username = models.TextField(db_collation="C")
    password = models.TextField(db_column="pass", default="", db_default="")
    reply = models.TextField()
    called_station = models.TextField(db_column="calledstationid", null=True)
    calling_station = models.TextField(db_column="callingstationid", null=True)
    answered_at = models.DateTimeField(db_column="authdate", db_default=Now())
    class_attribute = models.TextField(db_column="class", null=True)
    reason = models.TextField(default="", db_default="")

    class Meta:
        db_table = "radpostauth"
        indexes = [
            models.Index(fields=["username", "-answered_at"], name="radpostauth_of_user"),
            models.Index(fields=["answered_at"], name="radpostauth_by_time"),
        ]
        constraints = [models.CheckConstraint(condition=Q(password=""), name="radpostauth_keeps_no_password")]

    def __str__(self) -> str:
        return f"{self.username}: {self.reply}"


class NasReload(models.Model):
    """When a router last said that it restarted, as FreeRADIUS keeps it."""

    nas_address = models.GenericIPAddressField(db_column="nasipaddress", primary_key=True)
    reloaded_at = models.DateTimeField(db_column="reloadtime")

    class Meta:
        db_table = "nasreload"

    def __str__(self) -> str:
        return self.nas_address


@audited(customer="account__customer", exclude=("last_seen_at",))
class Device(models.Model):
    """A device that logs an account in, by its MAC address in capitals with colons."""

    class State(models.TextChoices):
        SEEN = "seen", "Not authorised"
        AUTHORISED = "authorised", "Authorised"
        BLOCKED = "blocked", "Blocked"

    account = models.ForeignKey(DataAccount, on_delete=models.CASCADE, related_name="devices")
    mac = models.CharField("MAC address", max_length=17, db_collation="C")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SEEN, db_default=State.SEEN)
    text = models.CharField("what it is", max_length=100, blank=True, default="", db_default="")
    first_seen_at = models.DateTimeField(db_default=Now(), editable=False)
    last_seen_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["account", "mac"]
        constraints = [
            models.UniqueConstraint(fields=["account", "mac"], name="device_once_an_account"),
            models.CheckConstraint(
                condition=Q(mac__regex=r"^([0-9A-F]{2}:){5}[0-9A-F]{2}$"), name="device_mac_in_one_form"
            ),
        ]

    def __str__(self) -> str:
        return self.mac


class SessionOrder(models.Model):
    """Something owed to a session that is up: to change its speed, or to be cut. A worker carries it out."""

    class Kind(models.TextChoices):
        CHANGE = "change", "Change"
        DISCONNECT = "disconnect", "Disconnect"

    class State(models.TextChoices):
        OWED = "owed", "Waits"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused by the router"
        SILENT = "silent", "No answer"
        NEEDLESS = "needless", "The session had ended"

    account = models.ForeignKey(
        DataAccount, on_delete=models.PROTECT, null=True, related_name="session_orders"
    )
    unique_id = models.TextField(db_collation="C")
    nas = models.ForeignKey(Nas, on_delete=models.PROTECT, null=True, related_name="session_orders")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    why = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OWED, db_default=State.OWED)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField(db_default=Now())
    answer = models.CharField(max_length=200, blank=True, default="", db_default="")
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ordered_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["due_at"], name="session_orders_owed", condition=Q(state="owed")),
            models.Index(fields=["unique_id"], name="session_orders_of_session"),
            models.Index(fields=["account", "-id"], name="session_orders_of_account"),
            models.Index(fields=["ordered_at", "id"], name="session_orders_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unique_id"], condition=Q(state="owed"), name="one_order_owed_a_session"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.unique_id}"
