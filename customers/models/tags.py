from django.db import models
from django.db.models.functions import Lower

from herotill.audit import audited
from herotill.folding import name_key


@audited()
class Category(models.Model):
    """VIP and the like: what kind of customer this is to us."""

    name = models.CharField()
    name_key = name_key()
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer offered for new customers."
    )

    class Meta:
        ordering = ["name_key"]
        verbose_name_plural = "categories"
        constraints = [models.UniqueConstraint(Lower("name"), name="category_name_once")]

    def __str__(self) -> str:
        return self.name


@audited()
class Label(models.Model):
    """A free coloured tag."""

    class Colour(models.TextChoices):
        GREY = "grey", "Grey"
        RED = "red", "Red"
        ORANGE = "orange", "Orange"
        YELLOW = "yellow", "Yellow"
        GREEN = "green", "Green"
        TEAL = "teal", "Teal"
        BLUE = "blue", "Blue"
        VIOLET = "violet", "Violet"
        PINK = "pink", "Pink"
        BROWN = "brown", "Brown"

    name = models.CharField()
    name_key = name_key()
    colour = models.CharField(
        max_length=10, choices=Colour.choices, default=Colour.GREY, db_default=Colour.GREY
    )
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer offered for new customers."
    )

    class Meta:
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(Lower("name"), name="label_name_once")]

    def __str__(self) -> str:
        return self.name
