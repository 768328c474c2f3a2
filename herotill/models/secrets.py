from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited


@audited(
    customer="customer_id",
    exclude=("at", "model", "object_id", "name", "actor_id", "source", "ip"),
    words=("name",),
    permission="",
    noun="secret shown",
)
class SecretReveal(models.Model):
    """Somebody read a secret: who, whose, why and from where. Written before the secret is handed out."""

    at = models.DateTimeField(db_default=Now())
    model = models.CharField(max_length=100)
    object_id = models.CharField(max_length=64)
    customer_id = models.BigIntegerField(null=True)
    name = models.CharField("of", max_length=200)
    field = models.CharField("what", max_length=100)
    actor_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_secret_is_shown_for_a_reason")]
        indexes = [models.Index(fields=["actor_id", "-at"], name="secrets_an_actor_saw")]

    def __str__(self) -> str:
        return f"{self.field} of {self.name}"
