"""The rights about job cards, their types and technicians' absences."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

SCREEN = "Job cards"
DESK = ("manager", "sales", "support")
CHIEF = ("manager",)

right("workflow.view_jobcard", "see job cards and the calendar", screen=SCREEN, to=EVERYBODY)
right("workflow.add_jobcard", "open job cards", screen=SCREEN, to=DESK)
right("workflow.change_jobcard", "change what is to be done on a job", screen=SCREEN, to=DESK)
right("workflow.delete_jobcard", "delete job cards", screen=SCREEN, to=())
right("workflow.schedule_jobcard", "schedule jobs and surveys", screen=SCREEN, to=DESK)
right("workflow.do_jobcard", "carry out jobs that are theirs", screen=SCREEN, to=("technician",))
right("workflow.do_any_jobcard", "carry out anybody's jobs", screen=SCREEN, to=CHIEF)
right("workflow.override_jobcard", "complete jobs without what is compulsory", screen=SCREEN, to=CHIEF)
right("workflow.export_jobcards", "export large lists of job cards", screen=SCREEN, to=CHIEF)

SETUP = "Setup: job cards"
right("workflow.view_jobtype", "see types of jobs", screen=SETUP, to=EVERYBODY)
right("workflow.add_jobtype", "add types of jobs", screen=SETUP, to=CHIEF)
right("workflow.change_jobtype", "change and retire types of jobs", screen=SETUP, to=CHIEF)
right("workflow.delete_jobtype", "delete types of jobs that nothing uses", screen=SETUP, to=CHIEF)
right("workflow.view_absence", "see technicians' absences", screen=SETUP, to=EVERYBODY)
right("workflow.add_absence", "note technicians' absences", screen=SETUP, to=DESK)
right("workflow.change_absence", "change technicians' absences", screen=SETUP, to=DESK)
right("workflow.delete_absence", "delete technicians' absences", screen=SETUP, to=DESK)
