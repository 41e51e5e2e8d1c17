#!/bin/sh
# The customer's first minute on one host: write an object, read it back, delete it. Usage: smoke.sh [HOST:PORT]
# Without an address it is the machine that this runs on.
set -eu
exec node "$(dirname "$0")/smoke.js" "$@"
