# A thin front to CMake (which builds), Makefile.plots (which draws) and ctest (which tests). `make help` lists what there is.
.DEFAULT_GOAL := all
.PHONY: all demo test lint coverage plots bench bench-truth fuzz soak aws-demo install uninstall deb clean help

# Servers live in sbin folders, which a person's PATH may lack; moto may live in .venv.
export PATH := $(PATH):/usr/local/sbin:/usr/sbin:/sbin:$(CURDIR)/.venv/bin

need = @cmake/install-packages.sh
build = @cmake/build.sh

all: ## build the programs into build/release/bin
	$(need) build
	$(build) release

demo: ## lab up, a short benchmark, figures, report, lab down: two minutes
	$(need) build run plots
	$(build) release
	@cmake/demo.sh local

aws-demo: ## the same on EC2 behind an ALB, for money; instances end after EXPIRE=4h at the latest; needs AWS credentials
	$(need) build plots
	$(build) release
	@cmake/demo.sh aws

test: ## build plain and with sanitizers, run every test
	$(need) build run plots tests
	$(build) release
	$(build) dev
	$(build) tsan threads
	@ctest --test-dir build/dev -j "$$(($$(nproc) * 2 + 2))" --output-on-failure --no-label-summary

lint: ## layout and static checks of the sources: clang-format, clang-tidy, cppcheck
	$(need) build lint
	$(build) release
	@cmake/lint.sh

coverage: ## run the tests but those of times and of short memory, print which part of the lines they reach; fails below 85 %
	$(need) build run plots tests coverage
	$(build) coverage
	@find build/coverage -name '*.gcda' -delete
	@ctest --test-dir build/coverage -E 'truth|e2e[.]memory' -j "$$(($$(nproc) + 2))" --output-on-failure --no-label-summary
	@gcovr --root . --object-directory build/coverage --filter '(base|yaml|loadgen|provision|analysis)/' --fail-under-line 85 \
	    --exclude-unreachable-branches --output build/coverage/lines.txt --print-summary

fuzz: ## every fuzz target for SECONDS=60, each from its corpus; NAMES="yaml_tree csv" only some
	$(need) build fuzz
	$(build) fuzz fuzz_targets
	@tests/fuzz/fuzz.sh build/fuzz/fuzz "$(or $(SECONDS),60)" $(NAMES)

soak: ## MINUTES=30 of load on a local lab that is never left alone; SEED=N repeats one
	$(need) build run tests
	$(build) release
	@LOADGEN_SOAK_S="$$(($(or $(MINUTES),30) * 60))" LOADGEN_SOAK_SEED="$(or $(SEED),0)" LOADGEN_BIN="$(CURDIR)/build/release/bin" \
	    /usr/bin/python3 -B -m pytest -p no:cacheprovider -q -s --basetemp=build/soak tests/e2e/lab/test_soak.py

plots: all ## redraw the figures of RUN (default results/latest) that are stale
	$(need) plots
	@$(MAKE) --no-print-directory -f Makefile.plots

bench: all ## measure against wrk, h2load, ab and hey, side by side
	$(need) bench
	@tests/bench/bench.py

bench-truth: ## the long version of the tests against known truths: most of an hour on a quiet machine
	$(need) build run tests
	$(build) release
	$(build) dev
	@rm -f results/truth/figures.csv
	@export LOADGEN_TRUTH=full; status=0; \
	    for simulation in bench_truth decide_truth run_truth; do build/dev/bin/$$simulation || status=1; done; \
	    ctest --test-dir build/dev -C truth -L truth -E 'truth[.](coverage|decisions|run)$$' --output-on-failure --no-label-summary || status=1; \
	    /usr/bin/python3 -B tests/e2e/lib/truth.py; exit $$status

install: all ## install into PREFIX (default /usr/local; ~/.local needs no root), below DESTDIR
	@DESTDIR="$(DESTDIR)" cmake/install.sh install "$(or $(PREFIX),/usr/local)"

deb: ## build Debian packages, build/loadgen_*.deb and, where MPI is found, build/loadgen-fleet_*.deb
	$(need) build deb
	$(build) release
	@cmake/deb.sh

uninstall: ## remove what the last install put into PREFIX
	@DESTDIR="$(DESTDIR)" cmake/install.sh uninstall "$(or $(PREFIX),/usr/local)"

clean: ## remove what was built; results stay
	@rm -rf build

help:
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 21
