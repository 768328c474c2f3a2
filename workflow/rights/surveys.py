"""The rights about surveys and photos: what each lets a person do, and who holds it from the start."""

from __future__ import annotations

from herotill.users.grants import right

SURVEYS, PHOTOS = "Surveys", "Photos of sites"
SEE = ("manager", "accounts", "sales", "support", "technician")
SELL = ("manager", "sales")

right("workflow.view_survey", "see surveys", screen=SURVEYS, to=SEE)
right("workflow.add_survey", "ask for surveys", screen=SURVEYS, to=(*SELL, "support"))
right("workflow.change_survey", "call surveys off", screen=SURVEYS, to=(*SELL, "support"))
right("workflow.do_survey", "write down what a survey found", screen=SURVEYS, to=(*SELL, "technician"))
right("workflow.delete_survey", "delete surveys", screen=SURVEYS, to=())

right("workflow.view_photo", "see photos of sites", screen=PHOTOS, to=SEE)
right("workflow.add_photo", "add photos of sites", screen=PHOTOS, to=(*SELL, "support", "technician"))
right("workflow.delete_photo", "delete photos of sites", screen=PHOTOS, to=("manager",))
