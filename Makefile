# make run            installs what is missing, builds, runs the demo: two stand-in sites and a failover pool
# make run CONFIG=F   the same with your own configuration
# make test           installs what is missing, builds, runs every test
# make deb            the Debian package, in .build-deb/: see docs/packages.md
# make compare        asks NSD, Knot, BIND and Alula the same questions: SEED (1), QUERIES (20000) about ZONES (20),
#                     and as many about SIGNED (20) signed zones
# make defects        plants each of Tests/Scenarios/defects in a copy of the brain: a story must notice each
# make bench          measures Alula beside gdnsd, NSD, Knot, PowerDNS and BIND: ROUNDS (5) of SECONDS (2) each;
#                     ONLY=udp,tcp,… for a part (docs/benchmarks.md); writes bench/results/
# make lint           formatting, import arrows, strict memory safety, the count of unsafe
# make fuzz           the fuzzers, SECONDS_EACH (60) each; with COVERAGE=1 the lines they have reached so far

SWIFT_RELEASE := swift build -c release --static-swift-stdlib
BINARY := .build/release/alula
SECONDS_EACH ?= 60
SEED ?= 1
QUERIES ?= 20000
ZONES ?= 20
SIGNED ?= 20
COMPARE = ALULA=$(CURDIR)/$(BINARY) .build/debug/Compare --seed $(SEED) --zones $(ZONES) --signed $(SIGNED)
BENCH = PYTHONPATH=bench PYTHONDONTWRITEBYTECODE=1 ALULA=$(CURDIR)/$(BINARY) python3

.PHONY: build run test deb compare defects bench lint format fuzz clean

build:
	.ci/install run
	$(SWIFT_RELEASE) --product alula

run: build
ifdef CONFIG
	$(BINARY) serve --config $(CONFIG)
else
	$(BINARY) demo
endif

# The runner's closing line comes last, so swift test does.
test:
	.ci/install test
	.ci/peers
	.ci/python
	$(SWIFT_RELEASE) --product alula
	.ci/check-hot-path --self-test
	.ci/check-hot-path --plant
	.ci/check-hot-path $(BINARY)
	package=$$(deploy/debian/build $(BINARY)) && \
	  newer=$$(OUT=$(CURDIR)/.build-deb/newer DPKG_DEB_COMPRESSOR_LEVEL=0 deploy/debian/build $(BINARY) 99.0+drill) && \
	  .ci/deb-drill $$package $$newer && .ci/site-drill $$package
	$(BENCH) -m unittest discover -s bench/tests
	ALULA=$(CURDIR)/$(BINARY) PYTHONDONTWRITEBYTECODE=1 .build-python/bin/python -m unittest discover -s Tests/Deploy
	swift build --product Compare
	$(COMPARE) --queries 15000
	.ci/defects
	ALULA=$(CURDIR)/$(BINARY) swift test

deb:
	.ci/install run
	$(SWIFT_RELEASE) --product alula
	deploy/debian/build $(BINARY)

compare:
	.ci/install test
	.ci/peers
	$(SWIFT_RELEASE) --product alula
	swift build --product Compare
	$(COMPARE) --queries $(QUERIES)

defects:
	.ci/defects

bench:
	.ci/install bench
	.ci/peers >/dev/null
	$(SWIFT_RELEASE) --product alula
	$(SWIFT_RELEASE) --product InProcess
	$(BENCH) -m compare

lint:
	swift format lint --strict --recursive Package.swift Sources Tests
	.ci/check-imports
	.ci/count-unsafe

format:
	swift format --in-place --recursive Package.swift Sources Tests

fuzz:
	.ci/fuzz $(SECONDS_EACH)

clean:
	rm -rf .build .build-*
