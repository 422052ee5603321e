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

. "$(dirname "$0")/apt.sh"
install_first 'Firefox (https://www.mozilla.org/firefox/)' firefox-esr firefox
