"""The rights about leads: what each lets a person do, and who holds it from the start."""

from __future__ import annotations

from herotill.users.grants import right

LEADS = "Leads"
SEE = ("manager", "accounts", "sales", "support")
SELL = ("manager", "sales")
CHIEF = ("manager",)

right("workflow.view_lead", "see leads", screen=LEADS, to=SEE)
right("workflow.add_lead", "capture leads", screen=LEADS, to=(*SELL, "support"))
right("workflow.change_lead", "change leads", screen=LEADS, to=SELL)
right("workflow.delete_lead", "delete leads", screen=LEADS, to=())
right("workflow.assign_leads", "give leads to another person", screen=LEADS, to=SELL)
right("workflow.lose_lead", "mark leads as lost and bring them back", screen=LEADS, to=SELL)
right("workflow.merge_leads", "merge leads", screen=LEADS, to=SELL)
right("workflow.view_leadnote", "see notes on leads", screen=LEADS, to=SEE)
right("workflow.add_leadnote", "write notes on leads", screen=LEADS, to=SEE)
right("workflow.import_leads", "import leads", screen=LEADS, to=CHIEF)
right("workflow.export_leads", "export large lists of leads", screen=LEADS, to=CHIEF, sensitive=True)
