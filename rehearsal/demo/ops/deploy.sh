#!/bin/sh
# Puts one release on the machine that this runs on: fetch, verify, unpack, switch, restart, wait until it answers.
# Run again with the same release it does the same again, so a deploy that was interrupted is repaired by a second one.
set -eu
: "${ROCKSOLID_VERSION:?}" "${ROCKSOLID_COMMIT:?}" "${ROCKSOLID_DIGEST:?}" "${ROCKSOLID_ENVIRONMENT:?}"
ops=$(cd "$(dirname "$0")" && pwd)
store=${ARTIFACT_STORE:?the directory where artifacts are kept}
home=${STORAGE_HOME:?the directory of this machine}
machine=$(basename "$home")
release=$home/releases/$ROCKSOLID_VERSION

case $ROCKSOLID_ENVIRONMENT in
  alpha | beta) config=beta ;;
  *) config=production ;; # gamma and one-box too: gamma is where a setting for production is tried first
esac

artifact=$store/${ROCKSOLID_DIGEST#sha256:}.tar
if [ ! -f "$artifact" ]; then
  echo "$machine: no artifact $ROCKSOLID_DIGEST in the store" >&2
  exit 1
fi
mkdir -p "$home/releases"
fetched=$home/releases/fetched.tar
cp "$artifact" "$fetched"
found=$("$ops/digest.sh" "$fetched")
if [ "$found" != "$ROCKSOLID_DIGEST" ]; then
  rm -f "$fetched"
  echo "$machine: refused $ROCKSOLID_VERSION: the artifact's digest is $found, not $ROCKSOLID_DIGEST" >&2
  exit 1
fi
rm -rf "$release"
mkdir "$release"
tar -xf "$fetched" -C "$release"
rm -f "$fetched"
ln -sfn "releases/$ROCKSOLID_VERSION" "$home/current"

STORAGE_CONFIG=$config node "$ops/restart.js"
echo "$machine: runs $ROCKSOLID_VERSION with the configuration for $config"
