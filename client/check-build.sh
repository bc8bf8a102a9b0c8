#!/bin/sh
# Proves that the committed pages equal a fresh build.
set -eu
cd "$(dirname "$0")"
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
node build.mjs --out "$fresh"
diff -r "$fresh" ../src/goldenpath/web/static || {
  echo "src/goldenpath/web/static is stale" >&2
  printf '\nhint: run `npm run build` in client/\n' >&2
  exit 1
}
