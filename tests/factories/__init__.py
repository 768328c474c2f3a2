from .customers import ContactFactory, CustomerFactory, make_customer
from .people import make_person

__all__ = ["ContactFactory", "CustomerFactory", "make_customer", "make_person"]
