"""Tables of money as files: who takes a long one needs the right to."""

from functools import partial

from herotill import tabular
from herotill.tabular import Figures

__all__ = ["Figures", "taken"]

taken = partial(tabular.taken, large="billing.export_age_analysis")
