# Sourced by the scripts beside it. `install_first WHAT PACKAGE…` installs the first of some Debian
# packages that can be had. Where that is not possible it says why; the tests say what they skip.
install_first() {
    what=$1
    shift
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "browser tests: no $what here; install one"
        return
    fi
    echo "browser tests: installing $what by apt-get (once) …"
    log=$(mktemp)
    if apt-get update >"$log" 2>&1; then
        for package in "$@"; do
            if DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$package" >"$log" 2>&1; then
                rm -f "$log"
                return
            fi
        done
    fi
    echo "browser tests: no $what here, and none could be installed:"
    tail -n 3 "$log"
    rm -f "$log"
}
