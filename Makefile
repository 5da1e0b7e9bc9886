# The commands of this repository; `make help` lists them. Variables: DATA, OUT (demo),
# ONLY, SIZES, PRECISIONS, COMPILE, JSON, MARKDOWN, CHECK (bench), SECONDS, READERS (fuzz), LIBTORCH (another libtorch).
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build lint test example check-export fuzz demo bench clean

# OpenMP threads that spin while they wait slow each other up to twentyfold when the cores are busy with something else.
export OMP_WAIT_POLICY ?= passive

DATA ?=
OUT ?= demo
SECONDS ?= 60
sources := Sources Tests Fuzzing/Sources Fuzzing/Package.swift Package.swift

help: ## list these commands
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 21

setup: ## install what Patina builds on (a second call only checks)
	@scripts/setup

build: setup ## build the command line, optimised
	@swift build -c release --product patina --quiet
	@echo "$$(swift build -c release --show-bin-path)/patina"

lint: ## check the format of all Swift code
	@swift format lint --strict -r $(sources)

test: setup lint ## lint, build and run every test
	@swift build --build-tests --quiet -Xcxx -O2
	@scripts/run-tests

example: setup ## build and run the package in Examples/ that uses Patina's libraries
	@scripts/check-example

check-export: setup ## compare what MLflow and TensorBoard read of an exported study with the study
	@swift build -c release --product patina --quiet
	@scripts/check-export

fuzz: setup ## search for input that a reader crashes on: make fuzz [SECONDS=60 for each reader] [READERS='coco image …'] [DATA=folder]
	@FUZZ_SECONDS='$(SECONDS)' DATA='$(DATA)' scripts/fuzz $(READERS)

demo: setup ## the whole way from pictures to a report: make demo [DATA=folder] [OUT=demo]
	@swift build -c release --product patina --quiet
	@DATA='$(DATA)' OUT='$(OUT)' scripts/demo

bench: setup ## compare with PyTorch and others: make bench [ONLY='steps loading …'] [CHECK=1]; all: scripts/bench --help
	@swift build -c release --product patina-bench --quiet
	@scripts/bench $(if $(ONLY),--only $(ONLY)) $(if $(SIZES),--sizes $(SIZES)) $(if $(PRECISIONS),--precisions $(PRECISIONS)) \
	  $(if $(filter 0 no,$(COMPILE)),--no-compile) $(if $(JSON),--json '$(abspath $(JSON))') \
	  $(if $(MARKDOWN),--markdown '$(abspath $(MARKDOWN))') $(if $(filter-out 0 no,$(CHECK)),--check)

clean: ## remove build products (libtorch stays in the cache)
	@rm -rf .build Examples/Consumer/.build Fuzzing/.build
