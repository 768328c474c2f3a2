from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Func


class Doubts(Func):
    """Which of a customer's numbers do not check; see `customers.policies.doubts`."""

    function = "customers_doubts"
    arity = 4
    output_field = ArrayField(CharField(max_length=20))
