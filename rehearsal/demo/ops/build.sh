#!/bin/sh
# Makes the artifact of the commit that is checked out, puts it into the store under its digest, and prints the digest.
# `git archive` gives the same bytes for the same commit on every machine, so building twice changes nothing.
set -eu
cd "$(dirname "$0")/.."
store=${ARTIFACT_STORE:?the directory where artifacts are kept}
mkdir -p "$store"

temporary=$(mktemp "$store/building.XXXXXX")
trap 'rm -f "$temporary"' EXIT
git archive --format=tar HEAD package.json config service >"$temporary"
digest=$(./ops/digest.sh "$temporary")
mv "$temporary" "$store/${digest#sha256:}.tar"
echo "$digest"
