from .company import Company
from .highsites import Highsite
from .products import Price, PriceList, Product, ProductType
from .vat import VatRate, VendorStatus

__all__ = [
    "Company",
    "Highsite",
    "Price",
    "PriceList",
    "Product",
    "ProductType",
    "VatRate",
    "VendorStatus",
]
