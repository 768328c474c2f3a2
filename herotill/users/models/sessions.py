import hashlib
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Now

# Browsers name each other; the first of these marks that fits is the true one.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


class Session(AbstractBaseSession):
    """One log-in on one machine: whose, from where, last used when, and whether its screen is locked."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="log_ins"
    )
    network = models.CharField(
        max_length=45, default="", db_default="", help_text="Address it was started from."
    )
    agent = models.CharField("browser", max_length=200, default="", db_default="")
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    seen_at = models.DateTimeField(db_default=Now(), help_text="Last use, to the minute.")
    locked = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [models.Index(fields=["user", "-seen_at"], name="log_ins_of_a_person")]

    def save(self, *args: Any, force_update: bool = False, **kwargs: Any) -> None:
        """Saving what a page put into the session must not undo a lock set meanwhile."""
        if force_update:
            kwargs["update_fields"] = ["session_data", "expire_date", "user", "network", "agent"]
        super().save(*args, force_update=force_update, **kwargs)

    @property
    def handle(self) -> str:
        """What a page calls this log-in by; the key itself never stands in one."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:16]

    @property
    def browser(self) -> str:
        """The browser as a person knows it: Firefox on Windows."""
        name = next((name for mark, name in BROWSERS if mark in self.agent), "")
        system = next((name for mark, name in SYSTEMS if mark in self.agent), "")
        return " on ".join(filter(None, (name or "Unknown browser", system)))

    @classmethod
    def get_session_store_class(cls) -> Any:
        from herotill.users.sessions import SessionStore

        return SessionStore
