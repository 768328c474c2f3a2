from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Installation(models.Model):
    """That this database is the one of an installation: it began here, or a person said so after it was copied.

    The newest row counts; rows are never changed nor deleted. `sign` is a hash of the id that is kept outside
    the database, `place` names the database among all there are. A row with neither says: restored, nobody's yet.
    """

    at = models.DateTimeField(db_default=Now())
    name = models.CharField(max_length=200)
    sign = models.CharField(max_length=64, db_collation="C", blank=True)
    place = models.CharField(max_length=80, db_collation="C", blank=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, default="", db_default="", blank=True)

    class Meta:
        default_permissions = ()
        permissions = [
            ("see_installation", "Can see whose database this is"),
            ("confirm_installation", "Can let a restored database act outward"),
        ]
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sign="", place="") | ~Q(sign="") & ~Q(place=""),
                name="installation_is_here_or_nowhere",
            )
        ]

    def __str__(self) -> str:
        return self.name
