"""The timetable: when jobs are carried out, what a person set, each call, and what is done about trouble."""
