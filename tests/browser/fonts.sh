#!/bin/sh
# Make sure that there is a serif font of a reader's own whose widths the pages know. Where none can
# be had, say why; the test that nothing moves while fonts arrive is then skipped (and fails under CI).
set -u

known='Times New Roman|Liberation Serif|Tinos|Nimbus Roman|Noto Serif'
if ! command -v fc-list >/dev/null 2>&1 || fc-list : family | grep -Eq "$known"; then
    exit 0 # macOS and Windows have theirs, and no fontconfig
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo 'browser tests: no font like Times here; install fonts-liberation'
    exit 0
fi
log=$(mktemp)
echo 'browser tests: installing fonts-liberation by apt-get (once) …'
if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y fonts-liberation; } >"$log" 2>&1; then
    echo 'browser tests: no font like Times here, and none could be installed:'
    tail -n 3 "$log"
fi
rm -f "$log"
exit 0
