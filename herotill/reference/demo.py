"""The invented ISP itself, and what it sells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

from PIL import Image, ImageDraw

from herotill.demo import DemoOrder
from herotill.reference.models import Company, Price, PriceList, Product, ProductType, VendorStatus

OPENED, RISE = date(2017, 1, 1), date(2018, 4, 1)
BLUE = "#0b5cad"
COMPANY = {
    "name": "Koppie Internet (Pty) Ltd",
    "trading_name": "Koppie Internet",
    "registration_number": "2009/014522/07",
    "address_line1": "12 Lady Grey Street",
    "city": "Paarl",
    "postal_code": "7646",
    "phone": "021 555 0140",
    "email": "accounts@isp.example",
    "website": "https://isp.example",
    "accent": BLUE,
    "small_print": "Please use your customer code as reference. Interest may be charged on overdue accounts.",
}
VAT_NUMBER = "4000000002"
# Code, type, name, text on invoices, pro rata, price from the beginning and since the rise of VAT.
PRODUCTS = (
    ("UNC02", "BANDWIDTH", "Home Uncapped 2Mb/s", "Home Uncapped 2Mb/s", "daily", "296.00", "299.00"),
    ("UNC04", "BANDWIDTH", "Home Uncapped 4Mb/s", "Home Uncapped 4Mb/s", "daily", "450.00", "454.00"),
    ("UNC10", "BANDWIDTH", "Home Uncapped 10Mb/s", "Home Uncapped 10Mb/s", "daily", "750.00", "756.49"),
    ("UNC20", "BANDWIDTH", "Home Uncapped 20Mb/s", "Home Uncapped 20Mb/s", "daily", "940.00", "949.00"),
    ("BUS10", "BANDWIDTH", "Business 10Mb/s", "Business Uncapped 10Mb/s", "daily", "1485.00", "1499.00"),
    ("BUS50", "BANDWIDTH", "Business 50Mb/s", "Business Uncapped 50Mb/s", "daily", "3470.00", "3499.00"),
    ("VOIP1", "VOICE", "Telephone line", "Telephone line, calls by use", "daily", "59.00", "60.00"),
    ("RTR", "RENTAL", "Router rental", "Rental of a router", "full", "45.00", "45.00"),
    ("RADIO", "RENTAL", "Radio rental", "Rental of a radio", "full", "89.00", "90.00"),
    ("HOST1", "HOSTING", "Web site", "Hosting of a web site and mail", "full", "99.00", "99.00"),
    ("INST", "LABOUR", "Installation", "Installation on site", "none", "1140.00", "1150.00"),
    ("CALL", "LABOUR", "Call-out", "Call-out to the premises, an hour", "none", "490.00", "495.00"),
    ("CPE5", "HARDWARE", "Radio 5 GHz", "5 GHz radio with mast bracket", "none", "1280.00", "1295.00"),
)
RESELLERS = {"UNC04": "399.00", "UNC10": "649.00", "BUS10": "1299.00"}


def make_company_and_products(order: DemoOrder) -> None:
    """The company and its products; what stands already is left."""
    if not Company.objects.get().name:
        Company.objects.update(**COMPANY, logo=_logo())
        VendorStatus.objects.filter(is_vendor=True, vat_number="").update(vat_number=VAT_NUMBER)
    if not Product.objects.exists():
        _make_products()


def _make_products() -> None:
    types = dict(ProductType.objects.values_list("name", "pk"))
    made = Product.objects.bulk_create(
        Product(code=code, name=name, description=text, product_type_id=types[kind], pro_rata=pro_rata)
        for code, kind, name, text, pro_rata, _, _ in PRODUCTS
    )
    resellers = PriceList.objects.create(name="Resellers")
    prices = [
        Price(product=product, starts_on=day, amount=Decimal(amount))
        for product, (*_, before, since) in zip(made, PRODUCTS, strict=True)
        for day, amount in ((OPENED, before), (RISE, since))
    ]
    prices += [
        Price(product=product, price_list=resellers, starts_on=RISE, amount=Decimal(RESELLERS[product.code]))
        for product in made
        if product.code in RESELLERS
    ]
    Price.objects.bulk_create(prices)


def _logo() -> bytes:
    """Two hills and a mast that sends."""
    picture = Image.new("RGB", (300, 120), "white")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(10, 110), (95, 40), (180, 110)], fill=BLUE)
    draw.polygon([(110, 110), (200, 60), (290, 110)], fill="#f0a33a")
    draw.line([(95, 40), (95, 12)], fill=BLUE, width=5)
    for size in (14, 26):
        draw.arc([95 - size, 14 - size, 95 + size, 14 + size], 300, 60, fill=BLUE, width=4)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
