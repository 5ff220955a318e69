# `make run` and `make test` need Python 3.11 or newer and nothing else; see docs/running.md.
PYTHON ?= python3
SET_UP = @exec $(PYTHON) -I app/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help run test check coverage format translations sheet soak lock

help: ## show what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run: ## start the site with its demo on http://127.0.0.1:8000 (PORT, DATABASE_URL, REDIS_URL, DEMO=0)
	$(SET_UP) run

test: ## everything: the checks, then all tests on SQLite and on PostgreSQL, and in the browser
	$(SET_UP) test

check: ## what must be green before a push: lint, types, import contracts, templates, catalogues
	$(SET_UP) check

coverage: ## all tests once more, telling which lines and branches none of them reaches
	$(SET_UP) coverage

format: ## lay out the code and mend what can be mended without thinking
	$(SET_UP) format

translations: ## collect the texts for the translators, merge and compile their catalogues, and report on each language
	$(SET_UP) translations

sheet: ## take every screen that newcomers, volunteers and visitors see, in four languages, to look at (var/sheet)
	$(SET_UP) sheet

soak: ## measure the bars of reliability and security at their full size, and print their table (README: how to keep it)
	$(SET_UP) soak

lock: ## resolve requirements.in and tests/requirements.in into exact pins with hashes
	$(SET_UP) lock
