from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchDocument(models.Model):
    """What the global search knows about one object of some app.

    Triggers of that app write it: `house_search_write(kind, ids)` takes the rows that the app's function
    `search_of_<kind>(ids)` gives. The table has one partition a kind, made by `house_search_kind(kind)`.
    `exact` is the folded code that goes straight to the object, `code` what its page's URL needs, `state`
    a word the kind turns into a chip. `words` holds folded words, and numbers twice: as they are, and
    reversed behind `<`, so that an ending is a prefix too.
    """

    pk = models.CompositePrimaryKey("kind", "object_id")
    kind = models.TextField(db_collation="C")
    object_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    exact = models.TextField(db_default="", db_collation="C")
    code = models.TextField(db_default="")
    title = models.TextField()
    detail = models.TextField(db_default="")
    state = models.TextField(db_default="", db_collation="C")
    name_key = models.TextField(db_default="", db_collation="C")
    words = SearchVectorField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"
