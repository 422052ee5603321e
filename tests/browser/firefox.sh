#!/bin/sh
# Make sure that the tests in Firefox have one: one that is here, else one from Debian's packages.
# Where none can be had, say why; those tests are then skipped with the reason (and fail under CI).
set -u

for name in "${FIREFOX:-}" firefox firefox-esr /Applications/Firefox.app/Contents/MacOS/firefox; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
        echo "browser tests: $(command -v "$name")"
        exit 0
    fi
done

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo 'browser tests: no Firefox here; install one (https://www.mozilla.org/firefox/)'
    exit 0
fi
log=$(mktemp)
echo 'browser tests: installing Firefox by apt-get (once) …'
if ! { apt-get update &&
    { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends firefox-esr ||
        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends firefox; }; } >"$log" 2>&1; then
    echo 'browser tests: no Firefox here, and none could be installed:'
    tail -n 3 "$log"
fi
rm -f "$log"
exit 0
