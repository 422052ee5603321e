#!/bin/sh
# Make sure that the browser tests have a Chromium: one that is here, else one from
# Debian's packages, else Playwright's own. Where none can be had, say why; the tests
# are then skipped with the reason (and fail under CI).
set -u

bin=${BIN:-$(dirname "$0")/../../.venv/bin}

for name in "${CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome \
    google-chrome-stable chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
        echo "browser tests: $(command -v "$name")"
        exit 0
    fi
done

if "$bin/python" - <<'EOF' 2>/dev/null
import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not pathlib.Path(playwright.chromium.executable_path).exists())
EOF
then
    echo "browser tests: Playwright's own Chromium"
    exit 0
fi

log=$(mktemp)
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo 'browser tests: installing a Chromium by apt-get (once) …'
    apt-get update >"$log" 2>&1
    for name in chromium-headless-shell chromium; do
        if DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$name" >"$log" 2>&1 &&
            command -v "$name" >/dev/null 2>&1; then
            rm -f "$log"
            exit 0
        fi
    done
    tail -n 3 "$log"
fi

echo 'browser tests: installing Chromium by Playwright (once) …'
if "$bin/python" -m playwright install chromium >"$log" 2>&1; then
    rm -f "$log"
    exit 0
fi
echo 'browser tests: no Chromium here, and none could be installed:'
tail -n 3 "$log"
rm -f "$log"
exit 0
