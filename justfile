# Habits. Nothing here is needed to run Atelier or its tests: see README.md.

# Lists the recipes
default:
    @just --list

# Runs everything on this machine: Postgres, S3, demo data, the server
dev *ARGS:
    cargo run --release -- dev {{ ARGS }}

# Type-checks everything
check:
    cargo check --workspace --all-targets

# Formats the code and the contract
fmt:
    cargo fmt
    buf format --write proto --path proto/atelier

# Format, clippy, dependencies, the contract: everything but the tests
lint: proto
    cargo fmt --check
    cargo clippy --workspace --all-targets -- --deny warnings
    cargo deny --log-level error check bans licenses sources

# Lints the contract, and compares it with the last release if there is one
proto:
    #!/usr/bin/env bash
    set -euo pipefail
    buf lint
    buf format --diff --exit-code --path proto/atelier
    last=$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || true)
    if [ -n "$last" ]; then
      buf breaking --against ".git#tag=$last"
    else
      echo "no release to compare the contract with yet"
    fi

# The tests that need no database: seconds
test:
    cargo test -p kernel -p access -p users -p ledger -p assets -p catalog -p projects -p library -p generation -p ports \
        -p app -p testkit

# The vendors' official Python clients against the mock of the vendors; installs them, so it needs the network
mock-sdks:
    cargo test -p mock-vendors --test main -- --ignored --nocapture

# The tests on real parts: Postgres, S3, sockets
test-db:
    cargo test -p postgres -p devstack -p media-s3 -p mock-vendors -p fetch -p server

# Everything that a change must pass
verify: lint
    cargo test --workspace

# Ten million commands against the model of the ledger, in release
prove-ledger:
    cargo test --release -p ledger -- --ignored --nocapture

# Recomputes every account of a database and names what does not add up
verify-ledger DATABASE_URL:
    cargo run --release -- verify --database-url {{ DATABASE_URL }}

# All benchmarks: prints tables, writes target/bench
bench: bench-ledger bench-catalog bench-jobs

# The ledger beside the textbook, the empty call and installable peers, in one run
bench-ledger *ARGS:
    cargo run --release -p bench -- ledger {{ ARGS }}

# Every list and search of what users own at a million characters, and whether each uses an index
bench-catalog *ARGS:
    cargo run --release -p bench -- catalog {{ ARGS }}

# Jobs beside graphile-worker, how soon an idle worker begins, and ten thousand watchers
bench-jobs *ARGS:
    cargo build --release -p server
    cargo run --release -p bench -- jobs {{ ARGS }}

# A million mixed commands from four processes on one database, then every account recomputed
soak *ARGS:
    cargo build --release -p server
    cargo run --release -p bench -- soak {{ ARGS }}

# Compares crates/postgres/src/schema.rs with the tables that the migrations make
schema:
    cargo test -p postgres schema

# Writes docs/data-model.md from the tables that the migrations make
data-model:
    cargo test -p postgres the_document_of_the_tables_is_written -- --ignored

# Writes a page of what the studio makes: pictures, characters, videos, voices
studio-gallery FOLDER="target/gallery":
    cargo run -p studio --example gallery -- {{ FOLDER }}

# What CI runs
ci:
    .ci/run
