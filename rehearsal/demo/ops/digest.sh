#!/bin/sh
# Prints the digest of a file. By the system's own program where it has one, because Node takes longer to start.
set -eu
if command -v sha256sum >/dev/null; then
  sum=$(sha256sum <"$1")
else
  sum=$(node -e 'process.stdout.write(crypto.createHash("sha256").update(fs.readFileSync(process.argv[1])).digest("hex"))' "$1")
fi
echo "sha256:${sum%% *}"
