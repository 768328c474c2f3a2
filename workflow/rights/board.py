"""The rights about the board, its figures and its Setup: what each lets a person do, who holds it from the start."""

from __future__ import annotations

from herotill.users.grants import right

BOARD, SETUP = "Workflow board", "Setup: workflow"
SELL = ("manager", "sales")
CHIEF = ("manager",)
ALL = ("manager", "accounts", "sales", "support", "technician")

right("workflow.move_lead", "move leads on", screen=BOARD, to=(*SELL, "accounts"))
right("workflow.see_sales_reports", "see the figures of sales", screen=BOARD, to=SELL)

right("workflow.view_phase", "see the phases of the workflow in Setup", screen=SETUP, to=SELL)
right("workflow.change_phase", "change names and order of phases", screen=SETUP, to=CHIEF)
right("workflow.view_step", "see the lists of the workflow and their gates in Setup", screen=SETUP, to=SELL)
right("workflow.change_step", "change names, late days and gates of lists", screen=SETUP, to=CHIEF)
right("workflow.view_salesrules", "see sales settings", screen=SETUP, to=SELL)
right("workflow.change_salesrules", "change sales settings", screen=SETUP, to=CHIEF)
for model, words in (
    ("source", "sources of leads"),
    ("area", "areas"),
    ("lostreason", "reasons for losing leads"),
    ("declinereason", "reasons for declining quotes"),
    ("failreason", "reasons for failed jobs"),
):
    right(f"workflow.view_{model}", f"see {words}", screen=SETUP, to=ALL)
    right(f"workflow.add_{model}", f"add {words}", screen=SETUP, to=CHIEF)
    right(f"workflow.change_{model}", f"change and retire {words}", screen=SETUP, to=CHIEF)
    right(f"workflow.delete_{model}", f"delete {words} that are not in use", screen=SETUP, to=CHIEF)
