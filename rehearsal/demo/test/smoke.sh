#!/bin/sh
# The customer's first minute, on every machine of the stage: write an object, read it back, delete it.
set -eu
exec node "$(dirname "$0")/smoke.js"
