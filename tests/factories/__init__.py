from .customers import ContactFactory, CustomerFactory, make_customer
from .people import client_of, make_person

__all__ = ["ContactFactory", "CustomerFactory", "client_of", "make_customer", "make_person"]
