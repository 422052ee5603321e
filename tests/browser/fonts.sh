#!/bin/sh
# Make sure that there is a serif font of a reader's own whose widths the pages know. Where none can
# be had, say why; the test that nothing moves while fonts arrive is then skipped (and fails under CI).
set -u

known='Times New Roman|Liberation Serif|Tinos|Nimbus Roman|Noto Serif'
if ! command -v fc-list >/dev/null 2>&1 || fc-list : family | grep -Eq "$known"; then
    exit 0 # macOS and Windows have theirs, and no fontconfig
fi
. "$(dirname "$0")/apt.sh"
install_first 'font like Times' fonts-liberation
