# The daily acts. Everything is built once, in release: what is tested is what runs.

CARGO_TARGET_DIR ?= $(HOME)/.cache/ase/target
export CARGO_TARGET_DIR
# Queries are checked against the committed `.sqlx`, so no build needs a database.
export SQLX_OFFLINE = true
# Webhook bodies and signatures as providers publish them; they are not ours to ship. Tests read them where they are.
ASE_FIXTURES ?= $(wildcard $(abspath ../shared/fixtures))
export ASE_FIXTURES
# A shell that was open before rustup was installed does not know it yet.
export PATH := $(PATH):$(HOME)/.cargo/bin

.PHONY: help run test bench bench-extism check connectors screenshots \
  setup setup-rust setup-postgres setup-browser setup-languages setup-axe setup-sdks
.DEFAULT_GOAL := help
.NOTPARALLEL:

help:
	@echo 'make run     sets up what is missing and runs `ase demo` (ARGS="--listen 127.0.0.1:9090" for its options)'
	@echo 'make test    sets up likewise and runs every test'
	@echo 'make bench   runs every benchmark, the comparison with extism last'
	@echo 'make bench-extism  measures the call of a connector beside native code and beside extism'
	@echo 'make connectors  builds the connector in Rust, JavaScript and Python as files, for --connectors-dir'
	@echo 'make screenshots  draws every page of a challenge in every language, for people to look at'
	@echo 'make check   formatting, lints and documentation, without a warning'

run: setup
	@cargo build --release --locked --bin ase
	@exec "$$CARGO_TARGET_DIR/release/ase" demo $(ARGS)

# The exit status of cargo would be lost behind a pipe, so it is kept in a file. The closing lines say all at once.
test: setup setup-browser setup-axe setup-sdks connectors
	@mkdir -p "$$CARGO_TARGET_DIR"; log="$$CARGO_TARGET_DIR/test.log"; rm -f "$$log.failed"; \
	{ cargo test --release --locked --workspace --no-fail-fast 2>&1 || touch "$$log.failed"; } | tee "$$log"; \
	awk '/^test result: /{binaries++; passed+=$$4; failed+=$$6; ignored+=$$8} \
	  END{printf "\nall tests: %d passed, %d failed, %d ignored, in %d binaries\n", passed, failed, ignored, binaries}' \
	  "$$log" | tee -a "$$log"; \
	[ -d "$$ASE_FIXTURES" ] || echo 'without published webhook bodies: tests on them checked nothing (ASE_FIXTURES names their folder)'; \
	test ! -e "$$log.failed"

# Every state in every language: on a phone and at a desk, and three languages in the dark and in large text.
screenshots: setup setup-browser
	@cargo test --release --locked --workspace --test end_to_end -- --ignored every_state_in_every_language_is_drawn
	@echo "$$CARGO_TARGET_DIR/screenshots"

# Takes every `[[bench]]` of the workspace, and then the one that stands outside of it.
bench: setup
	@cargo bench --locked --workspace --bench '*' -- $(ARGS)
	@$(MAKE) --no-print-directory bench-extism

# A workspace of its own: extism brings a second wasmtime along. Its lock follows whatever the product depends on.
bench-extism: setup-rust
	@cargo run --release --manifest-path tests/extism/Cargo.toml

# Those that are bundled are built with the program; these are files beside it. What is unchanged is not built again.
connectors: setup-rust setup-languages
	@connectors/languages/build "$$CARGO_TARGET_DIR/connectors-languages"

check: setup-rust
	@cargo fmt --all --check
	@cargo clippy --release --locked --workspace --all-targets -- -D warnings
	@RUSTDOCFLAGS='-D warnings' cargo doc --release --locked --workspace --no-deps --document-private-items
	@if cargo deny --version >/dev/null 2>&1; then cargo deny --locked check; \
	else echo 'cargo-deny is not installed: licences and walls were not checked (cargo install cargo-deny)'; fi

setup: setup-rust setup-postgres

# apt-get as root, or through sudo where that asks for no password; `may` says whether either is possible.
APT = as=; [ "$$(id -u)" = 0 ] || as='sudo -n'; \
	may() { command -v apt-get && { [ -z "$$as" ] || $$as true; }; } >/dev/null 2>&1; \
	apt() { $$as env DEBIAN_FRONTEND=noninteractive apt-get -q "$$@"; }; \
	add() { apt install -y --no-install-recommends "$$@"; };

setup-rust:
	@command -v cargo >/dev/null || { echo 'Rust is missing: install rustup from https://rustup.rs, then run make again'; exit 1; }
	@command -v cc >/dev/null || { $(APT) \
	  may && echo 'A C compiler is missing: installing gcc' && apt update && add gcc libc6-dev; } || \
	  { echo 'A C compiler is missing (some crates need one): install gcc and libc6-dev, then run make again'; exit 1; }
	@if command -v rustup >/dev/null; then \
	  rustc --version >/dev/null 2>&1 || rustup toolchain install; \
	  rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown; \
	elif [ ! -d "$$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then \
	  echo 'The Rust target wasm32-unknown-unknown is missing: install it, or rustup from https://rustup.rs'; exit 1; \
	fi

# The places where `ase` itself looks. Without a main cluster the package starts nothing: ase runs its own.
setup-postgres:
	@for initdb in /usr/lib/postgresql/*/bin/initdb /usr/local/pgsql/bin/initdb /opt/homebrew/opt/postgresql*/bin/initdb \
	    /usr/local/opt/postgresql*/bin/initdb "$$(command -v initdb)"; do [ -x "$$initdb" ] && exit 0; done; \
	$(APT) may && echo 'PostgreSQL is missing: installing it' && apt update && add postgresql-common && \
	$$as sed -i 's/^#* *create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf && \
	add postgresql || \
	echo 'PostgreSQL is missing: ase will fetch its binaries when it starts (or: apt-get install postgresql)'

setup-browser:
	@for browser in chromium chromium-browser google-chrome; do command -v $$browser && break; done >/dev/null && \
	command -v chromedriver >/dev/null && exit 0; \
	$(APT) if may; then \
	  echo 'Chromium is missing: installing it for the browser tests' && apt update && \
	  { add chromium chromium-driver || add chromium-browser chromium-chromedriver; }; \
	else \
	  echo 'Chromium is missing: the browser tests need chromium and chromedriver (apt-get install chromium chromium-driver)'; \
	  exit 1; \
	fi

# The build tools themselves come from the locks of connectors/languages, and go below the target directory.
setup-languages:
	@new() { command -v npm && node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)'; } >/dev/null 2>&1; \
	new && exit 0; \
	$(APT) may && echo 'Node.js is missing: installing it for the connector in JavaScript' && apt update && \
	add nodejs npm && new || \
	{ echo 'The connector in JavaScript needs Node.js 20 or later with npm: install them, then run make again'; exit 1; }
	@python3 -c 'import ensurepip, tomllib, venv' 2>/dev/null && exit 0; \
	$(APT) may && echo 'Python is missing: installing it for the connector in Python' && apt update && \
	add python3 python3-venv && python3 -c 'import ensurepip, tomllib, venv' || \
	{ echo 'The connector in Python needs Python 3.11 or later with venv: install it, then run make again'; exit 1; }

# The rules that pages are held to, as their lock names them, below the target directory. What is there is not fetched
# again, so tests run without a network.
setup-axe: setup-languages
	@from=tests/browser; to="$$CARGO_TARGET_DIR/axe"; cmp -s "$$from/package-lock.json" "$$to/whole.json" && exit 0; \
	echo 'installing axe-core for the browser tests'; mkdir -p "$$to" && rm -f "$$to/whole.json" && \
	cp "$$from/package.json" "$$from/package-lock.json" "$$to" && \
	(cd "$$to" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) && \
	cp "$$from/package-lock.json" "$$to/whole.json" || \
	{ echo 'axe-core could not be installed; it is needed for the browser tests (make setup-axe tries again)'; exit 1; }

# What the types and bundles of the SDKs are checked with, as its locks name it, and kept likewise. A test of the SDK for
# Python makes certificates.
setup-sdks: setup-languages
	@command -v openssl >/dev/null || { $(APT) \
	  may && echo 'openssl is missing: installing it for the tests of the SDKs' && apt update && add openssl; } || \
	  { echo 'The tests of the SDKs need openssl: install it, then run make again'; exit 1; }
	@from=sdk/checks; to="$$CARGO_TARGET_DIR/sdk-checks"; locks="$$from/package-lock.json $$from/requirements.txt"; \
	cat $$locks | cmp -s - "$$to/whole" && exit 0; \
	echo 'installing what checks the SDKs'; rm -rf "$$to" && mkdir -p "$$to" && \
	cp "$$from/package.json" "$$from/package-lock.json" "$$to" && \
	(cd "$$to" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) && python3 -m venv "$$to/python" && \
	"$$to/python/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r "$$from/requirements.txt" && cat $$locks > "$$to/whole" || \
	{ echo 'what checks the SDKs could not be installed (make setup-sdks tries again)'; exit 1; }
