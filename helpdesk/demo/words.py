"""What is said on the demo's tickets: each kind of matter with its words, from the question to the end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matter:
    """One kind of question: where it belongs, how it begins, goes on and ends; `often` weighs it."""

    department: str
    category: str
    subject: str
    said: str
    answer: str
    reply: str
    end: str
    note: str = ""
    priority: str = "Normal"
    reason: str = "Solved"
    often: int = 3


MATTERS = (
    Matter(
        "Support",
        "No connection",
        "No internet since this morning",
        "Good morning\n\nThe internet is off since about six. The router shows a red light. The power is on.",
        "Good morning\n\nWe see that the radio on your roof is off. Please unplug the small white box (PoE), wait a "
        "minute and plug it in again. Does the light turn green?",
        "It is green now and it works again. Thank you for the quick help!",
        "Glad that it works. The box can get stuck after load shedding; a small UPS helps.",
        "Third time this year, all after load shedding. Offer a UPS.",
        "High",
        often=6,
    ),
    Matter(
        "Support",
        "Slow connection",
        "Very slow in the evenings",
        "From about 7 in the evening Netflix stops all the time. In the morning it is fine.\n"
        "Speed test: 2.1 Mbit/s, we pay for 20.",
        "Thank you for the test. The sector on your tower is full in the evenings. We move you to the other one "
        "tonight; you will be off for about five minutes after midnight.",
        "Much better tonight, 19 Mbit/s.",
        "Good to hear. We keep an eye on the sector.",
        "Sector 2 is at 93 % from 19:00. Network plans another one for December.",
        often=6,
    ),
    Matter(
        "Support",
        "Drops now and then",
        "Connection drops every few minutes",
        "Every ten minutes or so the line is gone for half a minute. My calls are cut.",
        "We see that the signal is weak, -82 dBm. A technician looks at the alignment; which day suits you?",
        "Thursday morning, please. The gate code is the same.",
        "Our technician realigned the dish, the signal is -64 dBm now. Please tell us if it happens again.",
        "Tree grew into the path, said the neighbour.",
        often=4,
    ),
    Matter(
        "Support",
        "Something else",
        "Wi-Fi password of the new router",
        "Where do I find the Wi-Fi password? My son changed something and nobody gets in.",
        "It stands on the sticker below the router. If it was changed, hold the reset button for ten seconds with "
        "a pin; then the one on the sticker works.",
        "Found it, thanks.",
        "With pleasure.",
        priority="Low",
        often=4,
    ),
    Matter(
        "Accounts",
        "Invoice or payment",
        "Why is the invoice higher this month?",
        "Last month I paid R 454 and now it is R 604. Nobody told me of an increase.",
        "The R 150 is the topping of the 14th; it stands on the second line. Your package is R 454 as before.",
        "Oh, that was my daughter. All clear then.",
        "Thank you. In the portal you can say who gets a notice before a topping is bought.",
        often=4,
    ),
    Matter(
        "Accounts",
        "Invoice or payment",
        "I paid yesterday",
        "I paid by EFT yesterday, see the proof. When does the line come back?",
        "Thank you, the payment is in and your line is on again.",
        "Works. Thanks.",
        "Thank you. With your customer code as the reference it goes by itself.",
        "Reference was a cell number, booked by hand.",
        "High",
        often=4,
    ),
    Matter(
        "Sales",
        "Change of package",
        "Faster package",
        "What would 50 Mbit/s cost, and from when could we have it?",
        "R 899 a month, VAT included, from the first of next month. You can change it in the portal under Services; "
        "a writing here is not enough.",
        "I did it in the portal. Looking forward to it.",
        "We see it. You get a mail when it is done.",
        often=3,
    ),
    Matter(
        "Sales",
        "Move to another address",
        "We move to Bree Street",
        "At the end of next month we move to 14 Bree Street. Can you connect us there?",
        "We have coverage there. A technician looks at the roof on Tuesday; then we know the cost of the move.",
        "Tuesday is fine, somebody is there until one o'clock.",
        "The survey is done and the quote is on its way to you.",
        often=2,
    ),
    Matter(
        "Network",
        "No connection",
        "Whole street without internet",
        "All five houses in our street are off since the storm.",
        "The tower was hit by lightning. A team is on its way with a new switch; we expect it back by 17:00.",
        "It is back. Well done in that weather!",
        "Thank you for your patience.",
        "Switch of the highsite replaced, old one to the insurance.",
        "Urgent",
        often=2,
    ),
    Matter(
        "Support",
        "Something else",
        "Email does not arrive",
        "Mails from my bank do not arrive any more. Others do.",
        "The mailbox is full: 5.0 of 5.0 GB. Please delete what you do not need.",
        "",
        "We have not heard from you and close this. Write again if it is not solved.",
        priority="Low",
        reason="No answer from the customer",
        often=2,
    ),
)
COMMENTS = {
    5: ("Quick and friendly.", "Solved in one call, thank you!", "", "Sipho knows what he does.", ""),
    4: ("Good, but I had to ask twice.", "", "All fine in the end."),
    3: ("It took a while.", ""),
    2: ("Two days without internet is too long.", "Nobody called back as promised."),
    1: ("Still not solved. I want somebody to call me.",),
}
NOT_OURS = (
    ("Petra Visagie", "petra.visagie@example.org", "Do you cover Riebeek Kasteel?"),
    ("Lwazi Khumalo", "lwazi.khumalo@example.org", "Offer for our guest house"),
    ("Anri Smit", "anri.smit@example.org", "Invoice of somebody else in my mail"),
)
CANNED = (
    (
        "Restart the radio",
        "Support",
        "Dear {customer}\n\nPlease unplug the small white box that feeds the radio on your roof, wait a minute and "
        "plug it in again. Tell us on this ticket ({ticket}) whether the light turns green.\n\n{me}\n{us}",
    ),
    (
        "Ask for a speed test",
        "Support",
        "Dear {customer}\n\nPlease do a speed test with a cable to the router, and send us a picture of the result.\n\n"
        "{me}",
    ),
    (
        "Proof of payment",
        "Accounts",
        "Dear {customer}\n\nPlease send us the proof of payment. With {code} as the reference the next payment is "
        "found by itself.\n\n{me}",
    ),
)
