from django.conf import settings
from django.db import models


class Preference(models.Model):
    """What one person chose for one screen: columns, page size, order of cards, theme."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    key = models.CharField(max_length=100)
    value = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_preference_a_person_and_key")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
