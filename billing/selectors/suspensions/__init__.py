"""What is overdue for collections, what is known of those who owe it, and their cases."""

from billing.selectors.suspensions.overdue import Overdue, overdue, overdue_sql, parameters

__all__ = ["Overdue", "overdue", "overdue_sql", "parameters"]
