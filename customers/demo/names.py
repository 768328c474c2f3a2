"""What invented South African customers are called and where they live."""

FIRST_NAMES = """
Alice Thabo Lerato Johan Nomsa Pieter Zanele Sipho Anika Bongani Chantel Dumisani Elmarie Farouk Gugulethu Hendrik
Imraan Jabulani Karabo Lindiwe Mandla Naledi Odette Palesa Quinton Refilwe Suren Themba Uwais Vusi Wilhelmina Xolani
Yusuf Zola Ayanda Bronwyn Cebisa Deon Esmé Francois Gerhard Hlengiwe Ilse Jaco Khanyi Louis Mpho Nadia Olga Pravin
Riaan Sanele Tarryn Unathi Veronica Wandile Yolandi André Chloë Élise Kagiso Marlene Neo Rashid Simphiwe Tumelo
Busisiwe Carel Dineo Ebrahim Fatima Gert Hannes Itumeleng Jacqui Kobus Lwazi Mariska Nkosinathi Petro Rethabile
""".split()

SURNAMES = (
    """
Nkosi|van Wyk|Naidoo|Botha|Mokoena|de Beer|Dlamini|Jacobs|Pillay|Khumalo|van der Merwe|Sithole|Joubert|Mahlangu|Govender
Fourie|Mthembu|Venter|Essop|Zulu|Pretorius|Ndlovu|le Roux|Adams|Molefe|Swanepoel|Radebe|Davids|Maseko|Nel|Cele|du Plessis
Petersen|Mabaso|Coetzee|Reddy|Tshabalala|Steyn|Moodley|Hendricks|Baloyi|Kruger|Ngcobo|Isaacs|Viljoen|Modise|Smit|Chetty
Mazibuko|Erasmus|Phiri|van Rensburg|Abrahams|Gumede|Louw|Motaung|Samuels|Oosthuizen|Vilakazi|Theron|Maharaj|Ntuli|Hugo
""".strip()
    .replace("\n", "|")
    .split("|")
)

TRADES = (
    """
Bakery|Motors|Attorneys|Plumbing|Guest House|Pharmacy|Butchery|Hardware|Dental|Primary School|Logistics|Electrical|Farm
Nursery|Accountants|Fitness|Salon|Security|Tyres|Print Works|Bottle Store|Church|Clinic|Architects|Winery|Spares
""".strip()
    .replace("\n", "|")
    .split("|")
)

STREETS = (
    """
Voortrekker|Church|Nelson Mandela|Main|Kerk|Rabbit|Wilger|Protea|Long|Station|Loop|Bree|Acacia|Marula|Kingfisher|Albert
Luthuli|Hoog|School|Mill|Market|Steve Biko|Aloe|Jakaranda|Sarel Cilliers|Baobab|Doring|Vlei|Berg
""".strip()
    .replace("\n", "|")
    .split("|")
)

TOWNS = [
    ("Parys", "9585", ("Oord", "Golf Estate", "Schonkenville")),
    ("Howick", "3290", ("Merrivale", "Uitsig", "Hilton Road")),
    ("Oudtshoorn", "6625", ("Bongolethu", "Wesbank", "Noord")),
    ("Bethlehem", "9701", ("Panorama", "Bohlokong", "Eureka")),
    ("Graaff-Reinet", "6280", ("Horseshoe", "uMasizakhe", "Spandauville")),
    ("Mokopane", "0601", ("Akasia", "Mahwelereng", "Chroompark")),
    ("Swellendam", "6740", ("Railton", "Bontebok", "Dorp")),
    ("Vryheid", "3100", ("Bhekuzulu", "Hospital Hill", "Central")),
    ("Upington", "8801", ("Paballelo", "Oosterville", "Keidebees")),
    ("Ermelo", "2351", ("Wesselton", "Cassim Park", "De Bruin Park")),
]

EQUIPMENT = [
    ("Router", "MikroTik hAP ac2"),
    ("Radio", "LiteBeam 5AC"),
    ("Radio", "PowerBeam M5"),
    ("Fibre terminal", "GPON ONT 4GE"),
    ("UPS", "Mini 12 V"),
    ("Router", "TP-Link Archer C6"),
]

NOTES = [
    "Prefers a call after 17:00.",
    "Paid the installation in cash; receipt is with the office.",
    "Radio moved to the new roof.",
    "Asked for a quote on a faster package, follow up next month.",
    "Dog in the yard: phone before you arrive.",
    "Moved to the debit order of the 1st on request.",
    "Landlord is {surname}; ask before drilling.",
    "Complained about slow evenings, signal was fine when tested.",
]
