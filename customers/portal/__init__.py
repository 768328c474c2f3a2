"""The customers' side of customers: who somebody at the door is, and the pages about themselves."""

from customers.portal.door import CustomersAtTheDoor

__all__ = ["CustomersAtTheDoor"]
