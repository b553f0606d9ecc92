#!/usr/bin/env bash
# The viewer's own checks: types, state machine, the committed bundle against a fresh build, pages in a browser.
# Without Node it says so and fails, unless VIEWER_WITHOUT_NODE=skip; Chromium is named by CHROMIUM.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v npm > /dev/null; then
    echo "viewer/check.sh: NOTHING IS CHECKED: there is no npm here (Node 20 or newer is needed)" >&2
    [ "${VIEWER_WITHOUT_NODE:-}" = skip ] && exit 0
    exit 1
fi
npm ci --no-fund --no-audit --loglevel=error
npm run --silent types
npm run --silent test
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
node build.mjs "$fresh"
for name in viewer.js viewer.css; do
    if ! cmp "$fresh/$name" "../codeassist/rendering/viewer/$name"; then
        echo "viewer/check.sh: the committed $name is not what its sources build: run npm run build" >&2
        exit 1
    fi
done
export CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
if [ -z "$CHROMIUM" ]; then
    echo "viewer/check.sh: no browser: install Chromium (apt-get install chromium) or name one in CHROMIUM" >&2
    exit 1
fi
npm run --silent browser
