#!/bin/sh
# Runs the unit tests and leaves reports/unit.xml and coverage/summary.json for the gate of the stage "source".
set -eu
cd "$(dirname "$0")/.."
mkdir -p reports coverage
node --test --experimental-test-coverage \
  --test-reporter=junit --test-reporter-destination=reports/unit.xml \
  --test-reporter=lcov --test-reporter-destination=coverage/lcov.info test/*.test.js
node test/coverage.js <coverage/lcov.info >coverage/summary.json
