#!/bin/sh
# Installs what build/release holds, or removes what that put there. usage: [DESTDIR=...] cmake/install.sh install|uninstall PREFIX
set -eu
here=$PWD
cd "$(dirname "$0")/.."
tree=build/release
manifest=build/installed.txt
# shellcheck disable=SC2088  # the tilde that most shells leave to us, after PREFIX=
case $2 in
'~') prefix=$HOME ;;
'~/'*) prefix=$HOME/${2#??} ;;
/*) prefix=$2 ;;
*) prefix=$here/$2 ;;
esac
root=${DESTDIR:-}$prefix

fail() {
    echo "$1: $2" >&2
    exit 1
}

# The part of a path that is there.
nearest() {
    folder=$1
    while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
    echo "$folder"
}

# CMake's own sentence, without its call stack.
reason() {
    awk '/^CMake Error/ { on = 1; next } /^Call Stack/ { exit } on { $1 = $1; text = text " " $0 } END { print text }' "$1" |
        sed 's/^ *file INSTALL *//'
}

install_all() {
    folder=$(nearest "$root")
    { [ -d "$folder" ] && [ -w "$folder" ]; } ||
        fail install "you may not write to $folder; install as root, or where you may: make install PREFIX=~/.local"
    cmake --install "$tree" --prefix "$prefix" --strip >"$tree/install.log" 2>&1 || fail install "$(reason "$tree/install.log")"
    mv "$tree/install_manifest.txt" "$manifest"
    # As root, in somebody's clone: what was written there stays theirs.
    [ "$(id -u)" != 0 ] || chown -R --reference=. build
    echo "installed $(grep -c "" "$manifest") files below $root"
    case :$PATH: in
    *":$prefix/bin:"*) ;;
    *) [ -n "${DESTDIR:-}" ] || echo "          its programs are not on your PATH; add them: export PATH=\"$prefix/bin:\$PATH\"" ;;
    esac
}

uninstall_all() {
    [ -e "$manifest" ] || fail uninstall "$here has no $manifest: nothing was installed from here"
    n=0
    while read -r file || [ -n "$file" ]; do
        case $file in "$prefix"/*) ;; *) fail uninstall "it was installed elsewhere: $file; name that folder by PREFIX=" ;; esac
        [ ! -e "${DESTDIR:-}$file" ] || { rm -f "${DESTDIR:-}$file" 2>/dev/null || fail uninstall "you may not remove ${DESTDIR:-}$file"; n=$((n + 1)); }
    done <"$manifest"
    for folder in "$root/share/loadgen" "$root/share/doc/loadgen"; do
        [ ! -d "$folder" ] || find "$folder" -depth -type d -empty -delete
    done
    echo "removed   $n files below $root"
}

"$1"_all
