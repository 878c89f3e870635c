# `make demo` and `make test` are the only two commands anyone needs.

CARGO ?= cargo
export CARGO_TERM_PROGRESS_WHEN ?= auto
TARGET := $(if $(CARGO_TARGET_DIR),$(CARGO_TARGET_DIR),target)

.DEFAULT_GOAL := help
.PHONY: help demo build test test-api bench fmt lint clean prepare

help: ## this list
	@echo "Recoup. What make can do:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

prepare:
	@.ci/prepare

demo: prepare ## build the release binary and watch declined payments being rescued (ARGS="--port 9090" passes options on)
	$(CARGO) build --release --locked -p recoup
	@exec $(TARGET)/release/recoup demo $(ARGS)

build: prepare ## build the release binary: target/release/recoup
	$(CARGO) build --release --locked -p recoup
	@echo "Built $(TARGET)/release/recoup"

test: prepare ## format, lints, and every test, black box included
	@.ci/test

test-api: prepare ## thousands of generated requests against the server: no 5xx, every answer as documented
	@.ci/test-api

bench: prepare ## load, floors and durability settings side by side (ARGS passes options on)
	$(CARGO) build --release --locked -p recoup -p recoup-bench
	@exec $(TARGET)/release/recoup-bench $(ARGS)

fmt: ## format the code
	$(CARGO) fmt --all

lint: prepare ## clippy, warnings as errors
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

clean: ## remove what was built
	$(CARGO) clean
