"""What moves in of what the house itself keeps."""

from __future__ import annotations

from herotill.moving_in import Step, Tally, steps
from herotill.reference.models import Product

steps.register(
    Step(
        name="products",
        title="Products",
        about="What you sell, with its price and VAT class. Those that are no longer sold need not come.",
        ours=lambda day: Tally(Product.objects.filter(retired=False).count()),
        imports="products",
        order=30,
    )
)
