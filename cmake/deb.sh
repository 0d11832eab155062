#!/bin/sh
# Builds the Debian packages of what build/release holds, into FOLDER (default build/), and prints their paths. The maintainer is $DEBFULLNAME <$DEBEMAIL>, as
# Debian's own tools have it, else the project's authors. usage: cmake/deb.sh [FOLDER]
set -eu
cd "$(dirname "$0")/.."
folder=${1:-build}
log=$PWD/build/deb.log
work=$(mktemp -d build/deb.XXXXXX)
trap 'rm -rf "$work"' EXIT
rm -f "$folder"/loadgen_*.deb "$folder"/loadgen-fleet_*.deb
set --
[ -z "${DEBEMAIL:-}" ] || set -- -D "CPACK_PACKAGE_CONTACT=${DEBFULLNAME:-$DEBEMAIL} <$DEBEMAIL>"
(cd build/release && cpack -G DEB -B "../../$work" "$@" >"$log" 2>&1) || {
    tail -n 20 "$log" >&2
    echo "deb: the whole output is in $log" >&2
    exit 1
}
for package in "$work"/*.deb; do
    mv "$package" "$folder"
    echo "package   $folder/${package##*/}"
done
