#!/bin/sh
# Installs what is missing of cmake/packages.txt. usage: cmake/install-packages.sh GROUP...
# With everything present it prints nothing, asks nothing and calls no package manager.
set -eu
cd "$(dirname "$0")/.."
. cmake/progress.sh
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # where Debian keeps servers; a person's PATH may lack it

python=/usr/bin/python3
[ -x "$python" ] || python=python3

is_present() {
    for check in $(echo "$1" | tr ',' ' '); do
        what=${check#*:}
        case $check in
        command:*) command -v "$what" >/dev/null && return 0 ;;
        pkg-config:*) pkg-config --exists "$what" 2>/dev/null && return 0 ;;
        python:*) "$python" -c "import importlib.util as u, sys; sys.exit(not u.find_spec('$what'))" 2>/dev/null && return 0 ;;
        file:*) for found in $what; do [ -e "$found" ] && return 0; done ;; # may be a pattern
        esac
    done
    return 1
}

# Rows of the wanted groups whose checks all fail, as "PACKAGE WHAT IT IS FOR".
missing_rows() {
    while read -r group package checks purpose; do
        case " $groups " in *" $group "*) is_present "$checks" || echo "$package $purpose" ;; esac
    done <cmake/packages.txt | sort -u
}

# The first of `a|b` that this release of the distribution has, else the last.
choose() {
    for name in $(echo "$1" | tr '|' ' '); do
        apt-cache show "$name" >/dev/null 2>&1 && break
    done
    echo "$name"
}

# Packages of servers start them. Those that came just now are for tests and labs only, which start their own.
stop_services() {
    [ -d /run/systemd/system ] || return 0
    for package in $names; do
        case $package in
        nginx* | haproxy | munge) services=${package%-light} ;;
        slurm-wlm) services='slurmctld slurmd' ;;
        *) continue ;;
        esac
        # shellcheck disable=SC2086  # a list of words
        $as_root systemctl disable --now $services >/dev/null 2>&1 || true
    done
}

# How far apt-get is, from what it says.
apt_state() {
    awk '/ newly installed/ { n = $3 } /^Get:/ { got++ } /^Unpacking/ { unpacked++ } /^Setting up/ { set_up++ }
        END {
            if (set_up) print set_up " of " n " set up"; else if (unpacked) print unpacked " of " n " unpacked"
            else print got + 0 " fetched"
        }' "$1"
}

install_debian() {
    as_root=
    if [ "$(id -u)" != 0 ]; then
        as_root='sudo '
    fi
    if [ -n "$as_root" ] && ! command -v sudo >/dev/null; then
        for row in $packages; do names="$names $(choose "$row")"; done
        echo "These packages are missing, and there is no sudo. As root, run:" >&2
        echo "  apt-get update && apt-get install --no-install-recommends$names" >&2
        exit 1
    fi
    $as_root true # asks for the password, if it must, before the line below is rewritten
    # shellcheck disable=SC2086  # no word, or one
    if progress "install   lists of packages" "$log" apt_state $as_root apt-get update -q; then
        progress_end "$(progress_seconds)"
    else
        progress_end "apt-get update failed; trying with the lists that are there"
    fi
    for row in $packages; do names="$names $(choose "$row")"; done
    echo "install  $names"
    for try in first second; do
        # shellcheck disable=SC2086  # lists of words
        progress "install   packages" "$log" apt_state $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends $names && break
        if [ $try = second ]; then
            progress_end failed
            tail -n 20 "$log" >&2
            echo "install: apt-get could not install the packages above (whole output: $log)" >&2
            exit 1
        fi
    done
    progress_end "$(progress_seconds)"
    stop_services
}

# moto is on no Debian; without it the tests against an imitated AWS are skipped by name, so this may fail.
install_pip() {
    echo "install   $1 in .venv"
    "$python" -m venv .venv >>"$log" 2>&1 && .venv/bin/pip install -q --retries 1 --timeout 15 "$1" >>"$log" 2>&1 ||
        echo "install: could not get $1 from the package index; tests that need it will be skipped (see $log)" >&2
}

groups=$*
rows=$(missing_rows)
[ -n "$rows" ] || exit 0
packages=$(echo "$rows" | grep -v '^pip:' | cut -d ' ' -f 1 || true)
pip_packages=$(echo "$rows" | sed -n 's/^pip:\([^ ]*\) .*/\1/p')
names=
mkdir -p build
log=build/install.log
: >"$log"

if [ -n "$packages" ]; then
    if ! command -v apt-get >/dev/null; then
        echo "These are missing; below are their names in Debian. Install this system's packages for them, then try again." >&2
        echo "$rows" | grep -v '^pip:' | sed 's/^\([^ ]*\) */  \1: /' >&2
        exit 1
    fi
    install_debian
fi
for package in $pip_packages; do install_pip "$package"; done
rows=$(missing_rows | grep -v '^pip:' || true)
if [ -n "$rows" ]; then
    echo "install: installed, and yet not found:" >&2
    echo "$rows" | sed 's/^\([^ ]*\) */  \1: /' >&2
    exit 1
fi
