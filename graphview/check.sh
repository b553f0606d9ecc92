#!/usr/bin/env bash
# The graph page's own checks: its tests, and the committed bundle against a fresh build.
# Without Node it says so and fails, unless GRAPHVIEW_WITHOUT_NODE=skip.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v npm > /dev/null; then
    echo "graphview/check.sh: NOTHING IS CHECKED: there is no npm here (Node 20 or newer is needed)" >&2
    [ "${GRAPHVIEW_WITHOUT_NODE:-}" = skip ] && exit 0
    exit 1
fi
npm ci --no-fund --no-audit --loglevel=error
npm test --silent
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
node build.mjs "$fresh"
for name in graph.js graph.css; do
    if ! cmp "$fresh/$name" "../codeassist/rendering/graphview/$name"; then
        echo "graphview/check.sh: the committed $name is not what its sources build: run npm run build" >&2
        exit 1
    fi
done
