#!/bin/sh
# Configures and builds one preset: one line while all is well, warnings and errors in full. usage: cmake/build.sh PRESET [TARGET]
set -eu
cd "$(dirname "$0")/.."
preset=$1
log=build/$preset.log
mkdir -p build

configure() {
    cache=build/$preset/CMakeCache.txt
    [ -e "$cache" ] && [ -z "$(find CMakePresets.json -newer "$cache")" ] && return 0
    generator= # an existing tree keeps the one it was made with
    [ -e "$cache" ] || ! command -v ninja >/dev/null || generator='-G Ninja'
    # shellcheck disable=SC2086  # one option in two words
    cmake --preset "$preset" $generator && touch "$cache"
}

printf 'build     %-8s' "$preset"
started_s=$(date +%s)
if ! { configure && cmake --build --preset "$preset" ${2:+--target "$2"} -j "$(nproc)"; } >"$log" 2>&1; then
    echo "failed"
    grep -v -E '^(-- |\[[0-9 ]+[/%])' "$log" | head -n 60 >&2
    echo "build: the whole output is in $log" >&2
    exit 1
fi
echo "$(($(date +%s) - started_s)) s"
grep -A 5 'warning:' "$log" >&2 || true
