# What a person types. `make` alone tells.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
LOCK := requirements.lock
PORT ?= 8000
CUSTOMERS ?= 300
MONTHS ?= 24
N ?= 100000
B ?=
WORKERS ?= 2
L ?= af
T ?=
SHELL := /bin/bash

.PHONY: help env demo test bench stop check types rules format lock messages pictures
.DEFAULT_GOAL := help

help:
	@sed -n 's/^## //p' Makefile

## make demo    everything from nothing, then the web server, worker and beat (PORT, CUSTOMERS, MONTHS)
demo: env
	@DEMO=1 $(BIN)/python manage.py demo --port $(PORT) --customers $(CUSTOMERS) --months $(MONTHS)

## make test    every test (STRICT=1: a skip is a failure; T="tests/customers -x" picks)
test: env
	@STRICT=$(STRICT) $(BIN)/pytest -n $(WORKERS) $(T)

## make bench   the benchmarks, one JSON object a line (N=100000, B=customers.list)
bench: env
	@$(BIN)/python -m tests.bench --size $(N) $(if $(B),--only $(B))

## make check   linters, types, import rules, templates, missing migrations
check: types rules

types: env
	PYTHONPATH=. $(BIN)/mypy .

rules: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

## make messages  gathers what customers read for translators, in locale/ (L=af; needs gettext)
messages: env
	@mkdir -p locale
	$(BIN)/django-admin makemessages --locale $(L) --ignore '.venv' --ignore '.run' --ignore 'tests' --no-location

## make format  lets ruff put the code in order
format: env
	-$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

## make stop    ends the embedded servers
stop:
	@if [ -x $(BIN)/python ] && [ -d .run ]; then $(BIN)/python -m herotill.embedded stop; fi

## make env     the environment only, in .venv
env:
	@deploy/environment $(PYTHON) .venv $(LOCK)

## make lock    pins what pyproject.toml names, with hashes, in requirements.lock and requirements-run.lock
lock: env
	@deploy/lock $(BIN)/python

## make pictures  takes the guide's pictures anew, from a demo that runs (PORT)
pictures: env
	@$(BIN)/python docs/pictures.py http://127.0.0.1:$(PORT)
