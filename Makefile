# make            lists the targets
# make run        from a fresh clone to the first prompt

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
release := .build-release
# The Swift runtime goes into the program, so that it runs on machines without Swift. Apple's systems have it.
static := $(if $(filter Darwin,$(shell uname -s)),,--static-swift-stdlib)
bin := $(DESTDIR)$(PREFIX)/bin
share := $(DESTDIR)$(PREFIX)/share
completions := $(share)/bash-completion/completions/tickertape $(share)/zsh/site-functions/_tickertape \
	$(share)/fish/vendor_completions.d/tickertape.fish

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup build run demo release install uninstall test check rules format lint golden bench torture pictures clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install missing system packages (ncurses, libcurl, SQLite); does nothing when they are there
	@sh .ci/setup

build: setup ## debug build
	@$(SWIFT) build --product tickertape

run: build ## build and open the workspace; on the built-in simulator (DEMO) when no key is set
	@if [ -t 0 ] && [ -t 1 ]; then exec .build/debug/tickertape; \
	else echo 'built; the workspace needs a terminal. Here you can: .build/debug/tickertape ask --demo "hello"'; fi

demo: build ## the same on the built-in simulator, whatever keys are set
	@if [ -t 0 ] && [ -t 1 ]; then exec .build/debug/tickertape --demo; \
	else exec .build/debug/tickertape ask --demo markdown </dev/null; fi

release: setup ## release build with the Swift runtime linked in
	@$(SWIFT) build -c release $(static) --scratch-path $(release) --product tickertape

install: ## install into PREFIX (/usr/local): program, themes, man page, completions; DESTDIR is honoured
	@if command -v $(SWIFT) >/dev/null 2>&1; then $(MAKE) --no-print-directory release; \
	elif [ ! -x $(release)/release/tickertape ]; then echo 'install: no swift on PATH; run make release as yourself first' >&2; exit 1; fi
	@install -d '$(bin)' '$(share)/tickertape/themes' '$(share)/man/man1'
	@install -m 755 $(release)/release/tickertape '$(bin)/.tickertape.new'
	@strip '$(bin)/.tickertape.new'
	@mv -f '$(bin)/.tickertape.new' '$(bin)/tickertape'
	@install -m 644 Themes/*.toml '$(share)/tickertape/themes/'
	@install -m 644 Sources/tickertape/tickertape.1 '$(share)/man/man1/'
	@install -d $(foreach file,$(completions),'$(dir $(file))')
	@for shell in bash zsh fish; do '$(bin)/tickertape' completion $$shell >'$(share)/.tickertape.completion' || exit 1; \
	case $$shell in bash) to='$(word 1,$(completions))';; zsh) to='$(word 2,$(completions))';; *) to='$(word 3,$(completions))';; esac; \
	install -m 644 '$(share)/.tickertape.completion' "$$to"; done; rm -f '$(share)/.tickertape.completion'
	@echo "installed $(bin)/tickertape, $(share)/tickertape/themes, $(share)/man/man1/tickertape.1, completions of bash, zsh and fish"

uninstall: ## remove what install put there
	@rm -f '$(bin)/tickertape' '$(share)/man/man1/tickertape.1' $(foreach file,$(completions),'$(file)')
	@rm -rf '$(share)/tickertape'
	@echo "removed from $(DESTDIR)$(PREFIX)"

test: setup ## every test
	@bash .ci/test $(if $(FILTER),--filter '$(FILTER)')

check: lint rules ## what CI runs: lint, rules, build without warnings, tests
	@bash .ci/build
	@bash .ci/test --skip-build
	@bash .ci/torture 100
	@bash .ci/inspect_check

torture: build ## kill benchmark runs 1,000 times at random moments and resume them: nothing is lost, nothing paid twice silently
	@bash .ci/torture 1000

rules: ## import rules and other rules of the house
	@bash .ci/rules

format: ## format the sources in place
	@$(SWIFT) format format --in-place --parallel --recursive Package.swift Sources Tests

lint: ## check format and style
	@$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests

golden: setup ## write the golden screens anew; review the difference like code
	@UPDATE_GOLDEN=1 bash .ci/test --filter '$(or $(FILTER),AppUITests)'
	@git status --short -- Tests

bench: release ## measure against curl, openai-python, tiktoken and the goals: prints numbers, never fails a build
	@$(SWIFT) build -c release $(static) --scratch-path $(release) --product provider-bench
	@$(SWIFT) build -c release $(static) --scratch-path $(release) --product token-bench
	@$(SWIFT) build -c release $(static) --scratch-path $(release) --product ledger-bench
	@$(SWIFT) build -c release $(static) --scratch-path $(release) --product tool-bench
	@$(SWIFT) build -c release $(static) --scratch-path $(release) --product markdown-bench
	@$(SWIFT) build -c release $(static) --scratch-path $(release) --product conversation-bench
	@bash .ci/bench $(release)/release/tickertape

pictures: build ## render real frames of the program to Tests/Pictures
	@bash .ci/pictures .build/debug/tickertape

clean: ## remove everything that was built
	@rm -rf .build $(release)
