#!/bin/sh
# Configures and builds one preset: one line while all is well, which shows how far it is; warnings and errors in full.
# usage: cmake/build.sh PRESET [TARGET]
set -eu
cd "$(dirname "$0")/.."
. cmake/progress.sh
preset=$1
target=${2:-}
log=build/$preset.log
mkdir -p build

# MPI was installed since: now loadgen-fleet can be built.
has_new_mpi() {
    grep -q '^MPI_C_COMPILER:.*NOTFOUND' "$cache" && command -v mpicc >/dev/null
}

configure() {
    cache=build/$preset/CMakeCache.txt
    [ -e "$cache" ] && [ -z "$(find CMakePresets.json -newer "$cache")" ] && ! has_new_mpi && return 0
    generator= # an existing tree keeps the one it was made with
    [ -e "$cache" ] || ! command -v ninja >/dev/null || generator='-G Ninja'
    # shellcheck disable=SC2086  # one option in two words
    cmake --preset "$preset" $generator && touch "$cache"
}

build() {
    configure && cmake --build --preset "$preset" ${target:+--target "$target"} -j "$(nproc)"
}

# Ninja says [12/345], make [ 12%].
steps() {
    done=$(sed -n 's/^\[ *\([0-9]*[/%][0-9]*\)\].*/\1/p' "$1" | tail -n 1)
    echo "${done:-configuring}"
}

: >"$log"
if ! progress "$(printf 'build     %-8s' "$preset")" "$log" steps build; then
    progress_end failed
    grep -v -E '^(-- |\[[0-9 ]+[/%])' "$log" | head -n 60 >&2
    echo "build: the whole output is in $log" >&2
    exit 1
fi
progress_end "$(progress_seconds)"
grep -A 5 'warning:' "$log" >&2 || true
