"""Takes the guide's pictures anew from a running demo.

python docs/pictures.py http://127.0.0.1:8000 [NAME …]

It works on the demo's own customers, and takes back what it changes except for the trail that this leaves.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import (
    Browser,
    FilePayload,
    FloatRect,
    Locator,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

FOLDER = Path(__file__).parent / "guide" / "pictures"
SIZE: ViewportSize = {"width": 1280, "height": 800}
TALL: ViewportSize = {"width": 1280, "height": 1280}  # for a card that is longer than a window
LARGEST = 150_000  # octets
TODAY = datetime.now(tz=UTC).date()
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()

Shot = Callable[["Camera"], None]
SHOTS: dict[str, Shot] = {}


def shot(function: Shot) -> Shot:
    """A picture, or a few of one screen; its name is the function's."""
    SHOTS[function.__name__.replace("_", "-")] = function
    return function


class Camera:
    """A browser in which somebody is logged in, and the folder for what it sees."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.page = self.opened()
        self.log_in("admin")

    def opened(self) -> Page:
        context = self.browser.new_context(
            base_url=self.address,
            viewport=SIZE,
            color_scheme="light",
            reduced_motion="reduce",
            locale="en-ZA",
        )
        context.set_default_timeout(20_000)
        return context.new_page()

    def log_in(self, name: str, door: str = "/login/") -> None:
        self.page.goto(door)
        self.page.locator("[name=username]").fill(name)
        self.page.locator("[name=password]").fill("demo")
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url(lambda url: "login" not in url)

    @contextmanager
    def somebody(self, name: str = "", door: str = "/login/") -> Iterator[Page]:
        """Another browser, where `name` is logged in, or nobody."""
        mine, self.page = self.page, self.opened()
        if name:
            self.log_in(name, door)
        yield self.page
        self.page.context.close()
        self.page = mine

    def go(self, path: str) -> Page:
        self.page.goto(path)
        self.settle()
        return self.page

    def settle(self) -> None:
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(250)

    def take(self, name: str, *parts: Locator, around: int = 12, height: int = 0) -> None:
        """The window, its upper part, or what the parts fill with some air around."""
        self.settle()
        window = self.page.viewport_size or SIZE
        clip = _around([part.bounding_box() for part in parts], around, window) if parts else None
        if height:
            clip = {"x": 0, "y": 0, "width": SIZE["width"], "height": height}
        save(name, self.page.screenshot(clip=clip, animations="disabled", caret="hide"))

    def card(self, name: str) -> Locator:
        """A card of the profile, loaded and in view."""
        card = self.page.locator(f"#card-{name}")
        # As a person scrolls: cards come in groups, when the first of a group is seen.
        for share in (0.25, 0.5, 0.75, 1):
            self.page.evaluate("share => scrollTo(0, document.body.scrollHeight * share)", share)
            self.settle()
        card.evaluate("card => card.scrollIntoView({block: 'center'})")
        self.settle()
        expect(card.locator(".skeleton")).to_have_count(0)
        card.evaluate("card => card.scrollIntoView({block: 'center'})")
        self.settle()
        return card

    def dialog(self) -> Locator:
        """The dialog that has just been opened."""
        found = self.page.locator("dialog[open]")
        found.locator("h2").first.wait_for()
        self.settle()
        return found


def _around(boxes: list[FloatRect | None], air: int, window: ViewportSize) -> FloatRect:
    seen = [box for box in boxes if box]
    left = max(0, min(box["x"] for box in seen) - air)
    top = max(0, min(box["y"] for box in seen) - air)
    right = min(window["width"], max(box["x"] + box["width"] for box in seen) + air)
    bottom = min(window["height"], max(box["y"] + box["height"] for box in seen) + air)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def save(name: str, png: bytes) -> None:
    """Kept with a palette, which a screen hardly notices."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64):
        small = picture.quantize(colours, dither=Image.Dither.NONE)
        out = io.BytesIO()
        small.save(out, "PNG", optimize=True)
        if out.tell() < LARGEST:
            break
    (FOLDER / f"{name}.png").write_bytes(out.getvalue())
    print(f"{name}: {out.tell() // 1024} kB")


@shot
def log_in(camera: Camera) -> None:
    with camera.somebody() as page:
        camera.go("/login/")
        page.set_viewport_size({"width": 900, "height": 560})
        camera.take("log-in")


@shot
def start(camera: Camera) -> None:
    camera.go("/")
    camera.take("start", height=400)


@shot
def second_factor(camera: Camera) -> None:
    with camera.somebody("support"):
        camera.go("/second-factor/set-up/")
        camera.take("second-factor", height=520)


@shot
def lock(camera: Camera) -> None:
    with camera.somebody("support") as page:
        camera.go("/customers/ALI001/")
        page.locator(".top [popovertarget=person]").click()
        page.locator("[data-lock-now]").click()
        page.locator("#lock-body input").first.wait_for()
        camera.take("lock", page.locator(".lock-box"), around=60)


@shot
def search(camera: Camera) -> None:
    page = camera.go("/")
    page.keyboard.press("/")
    page.keyboard.type("van der", delay=60)
    page.locator("#search-results [role=option]").first.wait_for()
    camera.take("search", page.locator(".top"), page.locator("#search-results"))


@shot
def picker(camera: Camera) -> None:
    for code in ("WON001", "MIC001", "ALI001"):
        page = camera.go(f"/customers/{code}/")
    page.locator("[popovertarget=picker]").click()
    page.locator("#picker-results [role=option]").first.wait_for()
    camera.take("picker", page.locator("#picker"), page.locator(".top"))


@shot
def profile(camera: Camera) -> None:
    page = camera.go("/customers/ALI001/")
    camera.card("attachments")
    page.locator(".profile-head").evaluate("head => head.scrollIntoView()")
    page.evaluate("window.scrollTo(0, 0)")
    expect(page.locator("#card-change-requests .skeleton")).to_have_count(0)
    camera.take("profile")


@shot
def profile_edit(camera: Camera) -> None:
    page = camera.go("/customers/ALI001/")
    page.locator("#act-account-details-edit").click()
    camera.dialog()
    camera.take("profile-edit")


@shot
def contacts(camera: Camera) -> None:
    page = camera.go("/customers/ALI001/")
    card = camera.card("contacts")
    camera.take("contacts", card)
    card.locator("[id^=contacts-edit-]").nth(1).click()
    camera.dialog()
    camera.take("contact-edit", page.locator("dialog[open]"))


@shot
def notes(camera: Camera) -> None:
    page = camera.go("/customers/ALI001/")
    camera.take("note-pop-up", page.locator(".profile-head"), page.locator(".profile-about"))
    camera.take("notes", camera.card("customer-notes"))


@shot
def attachments(camera: Camera) -> None:
    camera.go("/customers/ALI001/")
    camera.take("attachments", camera.card("attachments"))


@shot
def assets(camera: Camera) -> None:
    camera.go("/customers/ALI001/")
    camera.take("assets", camera.card("asset-register"))


@shot
def customer_list(camera: Camera) -> None:
    page = camera.go("/customers/?all=1")
    camera.take("list")
    page.locator("#list-columns").click()
    camera.take("list-columns", camera.dialog())
    page.keyboard.press("Escape")
    for row in range(3):
        page.locator("[data-row]").nth(row).check()
    camera.take("list-bulk")
    camera.go("/customers/?status=suspended&kind=individual&panel=1")
    camera.take("list-filters")


@shot
def sub_accounts(camera: Camera) -> None:
    page = camera.go("/customers/ALI001/")
    camera.take("sub-account", page.locator(".profile-head"), page.locator(".profile-about"))
    camera.go("/customers/?reseller=WON001")
    camera.take("reseller", height=400)
    camera.go("/customers/?all=1")


@shot
def new_customer(camera: Camera) -> None:
    page = camera.go("/customers/?all=1")
    page.locator("#page-new").click()
    dialog = camera.dialog()
    dialog.locator("[name=first_names]").press_sequentially("Mareike", delay=40)
    dialog.locator("[name=surname]").press_sequentially("van Wyk", delay=40)
    expect(dialog.locator("[name=code]")).to_have_value(re.compile("^MAR"))
    camera.take("new-customer")
    dialog.locator("[name=contact_phone]").fill("082 12")
    dialog.get_by_role("button", name="Add Customer").click()
    dialog.locator(".errors").first.wait_for()
    camera.take("new-customer-missing")


@shot
def audit(camera: Camera) -> None:
    with camera.somebody("support") as page:
        camera.go("/customers/MIC001/")
        for name, value in (("payment_method", "debit_order"), ("payment_method", "credit_card")):
            page.locator("#act-account-details-edit").click()
            dialog = camera.dialog()
            dialog.locator(f"[name={name}]").select_option(value)
            dialog.get_by_role("button", name="Save details").click()
            dialog.wait_for(state="hidden")
    camera.go("/customers/MIC001/audit/")
    camera.take("audit")


@shot
def people(camera: Camera) -> None:
    page = camera.go("/setup/people/")
    camera.take("people", height=420)
    page.locator("main").get_by_role("link", name="Open Chloe Adams").click()
    page.get_by_label("Manager").check()
    page.get_by_role("button", name="Save person").click()
    with camera.somebody("manager") as other:
        camera.go("/setup/approvals/")
        camera.take("approvals", height=420)
        other.get_by_role("button", name="Refuse").first.click()
        camera.settle()


@shot
def tables(camera: Camera) -> None:
    camera.go("/setup/")
    camera.take("setup", height=600)
    page = camera.go("/setup/labels/")
    page.get_by_role("link", name="Change Fibre").click()
    camera.dialog()
    camera.take("labels", height=560)


@shot
def rights(camera: Camera) -> None:
    camera.go("/setup/rights/customers/")
    camera.take("rights")


@shot
def portal(camera: Camera) -> None:
    page = camera.go("/customers/ALI001/")
    page.locator("#act-account-details-portal-link").click()
    camera.take("portal-link", camera.dialog())
    with camera.somebody() as nobody:
        camera.go("/portal/login/")
        nobody.set_viewport_size({"width": 900, "height": 560})
        camera.take("portal-log-in")
    with camera.somebody("ALI001", "/portal/login/") as alice:
        alice.set_viewport_size({"width": 900, "height": 560})
        camera.go("/portal/")
        camera.take("portal")


@shot
def billing_cards(camera: Camera) -> None:
    camera.page.set_viewport_size(TALL)
    camera.go("/customers/ALI001/")
    camera.take("billing-details", camera.card("billing-details"))
    camera.take("recurring-billing", camera.card("recurring-billing"))
    camera.take("age-analysis-card", camera.card("age-analysis"))
    camera.take("receipts", camera.card("payment-receipts"))
    camera.page.set_viewport_size(SIZE)


@shot
def contract(camera: Camera) -> None:
    page = camera.go("/customers/ALI001/")
    camera.card("rental-contracts").locator("#act-rental-contracts-add").click()
    dialog = camera.dialog()
    dialog.locator("[name=equipment]").fill("Outdoor radio, 5 GHz")
    dialog.locator("[name=serial_number]").fill("RB5-778210")
    dialog.locator("[name=months]").fill("24")
    dialog.locator("[name=deposit]").fill("500")
    dialog.locator("[name=ending]").select_option("remaining")
    dialog.locator("[name=ending_percent]").fill("40")
    dialog.get_by_role("button", name="Add contract").click()
    dialog.wait_for(state="hidden")
    camera.take("rental-contracts", camera.card("rental-contracts"))
    page.locator("[id^=rental-contracts-delete-]").first.click()
    camera.dialog().get_by_role("button", name="Delete").click()
    camera.settle()


@shot
def price_rises(camera: Camera) -> None:
    page = camera.go("/setup/products/")
    page.locator("main").get_by_role("link", name="UNC04").first.click()
    page.locator("#price-add").click()
    dialog = camera.dialog()
    dialog.locator("[name=amount]").fill("479.00")
    dialog.locator("[name=starts_on]").fill(f"{TODAY.year + 1}-04-01")
    dialog.locator("button[type=submit]").click()
    dialog.wait_for(state="hidden")
    product = page.url
    camera.go("/billing/price-rises/")
    camera.take("price-rises", height=420)
    page.goto(product)
    page.get_by_role("button", name="Take back the price").first.click()
    camera.settle()


@shot
def documents(camera: Camera) -> None:
    page = camera.go("/customers/ALI001/")
    paid = camera.card("age-analysis").locator("tr", has_text="Paid").get_by_role("link").first
    paid.click()
    page.wait_for_url("**/documents/**")
    camera.take("document")
    page.locator("#why, [id^=why-]").first.click()
    camera.take("why", camera.dialog())


@shot
def month_end(camera: Camera) -> None:
    page = camera.go("/billing/month-end/")
    page.locator("main tbody a").first.click()  # The demo has made one ready, with its preview.
    camera.settle()
    page.locator("h2", has_text="3. Archive").evaluate("head => head.scrollIntoView()")
    camera.take("month-end")
    page.get_by_role("link", name="Look at it").click()
    camera.settle()
    camera.take("month-end-preview", height=560)


@shot
def owed(camera: Camera) -> None:
    camera.go("/billing/age-analysis/?all=1")
    camera.take("age-analysis")
    camera.go("/reports/")
    camera.take("reports", height=420)
    camera.go("/reports/revenue/")
    camera.take("revenue")
    camera.go("/billing/periods/")
    camera.take("periods", height=420)


@shot
def debit_batch(camera: Camera) -> None:
    camera.go("/billing/batches/?state=draft").locator("main tbody").get_by_role("link").first.click()
    camera.take("debit-batch", height=560)


@shot
def calendar(camera: Camera) -> None:
    camera.go("/workflow/calendar/")
    camera.take("workflow-calendar", height=700)


@shot
def card_payments(camera: Camera) -> None:
    camera.go("/billing/cards/")
    camera.take("card-payments", height=480)


@shot
def accounts_workflow(camera: Camera) -> None:
    camera.go("/billing/suspensions/")
    camera.take("accounts-workflow", height=620)
    with camera.somebody() as page:
        page.set_viewport_size({"width": 390, "height": 640})
        camera.go("/suspended/")
        camera.take("suspended")


@shot
def collectors_desk(camera: Camera) -> None:
    page = camera.go("/billing/collections/?all=1")
    camera.take("collectors-desk", height=620)
    page.get_by_role("row").filter(has_text="Broken promise").get_by_role("link").first.click()
    page.locator("#call").wait_for()
    page.set_viewport_size({"width": 1280, "height": 940})
    camera.take("call")
    page.set_viewport_size(SIZE)


@shot
def workflow_board(camera: Camera) -> None:
    camera.go("/workflow/")
    camera.take("workflow-board", height=700)
    camera.go("/workflow/quotes/sent/?all=1")
    camera.take("workflow-list", height=480)
    camera.go("/reports/sales/funnel/")
    camera.take("sales-funnel", height=760)


@shot
def ticket(camera: Camera) -> None:
    page = camera.go("/helpdesk/")
    camera.take("tickets", height=620)
    waiting = page.locator("tbody tr").filter(has_text="Open").filter(has_text="in the evenings")
    waiting.locator("a").first.click()  # one with a note and an answer
    page.locator(".talk").wait_for()
    page.set_viewport_size(TALL)
    camera.take("ticket", height=1000)
    page.set_viewport_size(SIZE)


@shot
def helpdesk(camera: Camera) -> None:
    page = camera.go("/helpdesk/setup/mail-rules/")
    page.locator("main tbody a").first.click()
    camera.take("mail-rules", camera.dialog())
    page.keyboard.press("Escape")
    camera.go(f"/reports/helpdesk/ratings/?first={TODAY.year - 1}-{TODAY:%m}-01&last={TODAY:%Y-%m-%d}")
    camera.take("ratings-report", height=760)


@shot
def portal_tickets(camera: Camera) -> None:
    with camera.somebody("ALI001", "/portal/login/") as alice:
        alice.set_viewport_size({"width": 900, "height": 640})
        camera.go("/portal/tickets/")
        camera.take("portal-tickets")


@shot
def data_cards(camera: Camera) -> None:
    camera.page.set_viewport_size(TALL)
    camera.go("/customers/ALI001/")
    for name in ("data-accounts", "data-usage", "active-sessions", "data-toppings", "package-changes"):
        camera.take(name, camera.card(name))
    camera.page.set_viewport_size(SIZE)


@shot
def network(camera: Camera) -> None:
    page = camera.go("/data-accounts/network/")
    page.locator("main tbody a[href*='/nas/']").first.click()
    page.wait_for_url("**/nas/**")
    camera.take("nas")
    camera.go("/data-accounts/packages/")
    camera.take("packages", height=560)
    camera.go("/data-accounts/sessions/")
    camera.take("sessions", height=560)


@shot
def outage(camera: Camera) -> None:
    page = camera.go("/data-accounts/outages/?lasting=true")
    page.locator("main tbody tr", has_text="Lasts").locator("a.btn--row").first.click()
    page.wait_for_url("**/outages/*/")
    camera.take("outage", height=640)


HEADINGS = (
    "Cust No;Trading As;Surname, Names;Cell;Tel (W);E-Mail;ID/Reg No;VAT Reg;Physical Addr 1;Physical Addr 2;"
    "Physical Addr 3;Suburb;Town;Postal Code;Postal Addr;Cat;Debit Run;Opened;Status;Parent;Notes;Colour tag;Balance b/f"
).split(";")
# Code, company, person, cell, email, number, town, postal code, run, master, balance.
RECORDS = """
||Naidoo, Kavitha|821234000|kavitha.naidoo@example.com||Parys|9585|1||454.00
FAR010|Kareekloof Farm|Botha, Gert|082 000 7711|gert@kareekloof.example|2011/004512/07|Vredefort|9595|15||1,204.50
||Mokoena, Lerato|083 000 2291|lerato@@example||Parys|9585|1||0.00
||Dr Pillay, Anand|072 000 3314|anand.pillay@example.com|8001015009087|Parys|9585|25|FAR010|200.00
ALI001||Liddel, Alice|079 999 9999|alice@wonderland.example||Parys|9585|1||
||van Wyk, Elise|+27 83 000 5501|elise.vanwyk@example.org||Sasolburg|947|Run 1||R 88.20 CR
||Fourie, Jaco|2.7821E+10|jaco.fourie@example.org||Parys|9585|1||0.00
|Hengelaar Tackle|Smit, Hennie|072 000 9123|hennie@hengelaar.example|2015/220110/07|Parys|9585|15||-50.00
||Khumalo, Zanele|061 000 4410|zanele.khumalo@example.com||Parys|9585|7||12.3.4
Total||||||||||1896.30
"""
USED = "Cust No;Trading As;Surname, Names;Cell;E-Mail;ID/Reg No;Town;Postal Code;Debit Run;Parent;Balance b/f".split(
    ";"
)


def export() -> bytes:
    """A small file of another system's make, with the mistakes that such files have."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADINGS, delimiter=";")
    writer.writeheader()
    for line in RECORDS.strip().splitlines():
        writer.writerow(dict(zip(USED, line.split("|"), strict=True)) | {"Status": "Active"})
    return text.getvalue().encode("utf-8-sig")


@shot
def importing(camera: Camera) -> None:
    page = camera.go("/customers/import/")
    file: FilePayload = {"name": "old-system.csv", "mimeType": "text/csv", "buffer": export()}
    page.locator("[type=file]").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/map/")
    camera.take("import-map")
    page.get_by_role("button", name="Do the dry run").click()
    page.locator("#report-title").wait_for()
    camera.take("import-dry-run")
    page.locator("form[action$='/apply/'] button").click()
    page.locator("a[href$='/roll-back/']").wait_for()
    camera.take("import-done")
    page.locator("a[href$='/roll-back/']").click()
    page.wait_for_url("**/roll-back/")
    camera.take("import-roll-back", height=560)
    page.get_by_role("textbox").last.fill("roll back")
    page.get_by_role("button", name="Roll back this import").click()
    page.get_by_text("Rolled back").first.wait_for()
    camera.go("/setup/runs/")
    page.locator("main").get_by_role("link", name="Import of old-system.csv").first.click()
    camera.take("run", height=560)


@shot
def timetable(camera: Camera) -> None:
    camera.go("/setup/timetable/")
    camera.take("timetable", height=560)


@shot
def sageone(camera: Camera) -> None:
    camera.go("/billing/setup/books/")
    camera.take("sageone-setup")
    camera.go("/billing/books/sent/")
    camera.take("sageone-sent", height=560)
    page = camera.go("/billing/books/receipts/reading/")
    page.get_by_role("button", name="Re-Sync").click()
    while page.get_by_text("Nothing has been read yet").count():
        camera.go("/billing/books/receipts/reading/")
    camera.take("sageone-receipts", height=420)
    page = camera.go("/reports/sageone-debtors/")
    page.get_by_role("button", name="Ask SageOne").click()
    page.locator("main").get_by_text("Done").first.wait_for()
    camera.go("/reports/sageone-debtors/")
    camera.take("sageone-debtors", height=640)
    camera.page.set_viewport_size(TALL)
    camera.go("/customers/ALI001/")
    camera.take("sageone-card", camera.card("sageone"))
    camera.page.set_viewport_size(SIZE)


@shot
def voice(camera: Camera) -> None:
    camera.page.set_viewport_size(TALL)
    camera.go("/customers/ALI001/")
    for name in ("voip-lines", "phone-usage"):
        camera.take(name, camera.card(name))
    camera.page.set_viewport_size(SIZE)
    page = camera.go("/data-accounts/calls/")
    camera.take("call-files", height=360)
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile(r"/calls/\d+/"))
    camera.take("call-file", height=640)
    camera.go("/data-accounts/calls/unmatched/")
    camera.take("calls-without-a-line", height=420)
    page = camera.go("/setup/decks/")
    page.locator("main tbody a").first.click()
    camera.take("rate-deck", height=640)


@shot
def moving_in(camera: Camera) -> None:
    camera.go("/setup/moving-in/")
    camera.take("moving-in", height=680)


def main(address: str, names: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("Chromium is not installed: apt-get install chromium libatomic1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        camera = Camera(browser, address)
        for name in names or SHOTS:
            SHOTS[name](camera)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(f"{__doc__}\nNames: {', '.join(SHOTS)}")
    main(sys.argv[1], sys.argv[2:])
