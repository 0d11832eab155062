#!/bin/sh
# Runs every libFuzzer target for a time, as many at once as there are processors, each from its corpus and the shipped files of its kind.
# What ends a target is kept as FOLDER/fuzz_NAME-crash-... and named; exit 1 then. usage: fuzz.sh FOLDER_OF_TARGETS SECONDS [NAME...]
set -eu
targets=$(cd "$1" && pwd)
seconds=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..

if [ $# -ne 1 ]; then
    [ $# -gt 0 ] || set -- $(cd "$targets" && ls | sed -n 's/^fuzz_\([a-z_]*\)$/\1/p')
    printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 "$here/fuzz.sh" "$targets" "$seconds" || exit 1
    exit
fi

name=$1
work=$targets/work
mkdir -p "$work/$name" "$here/corpus/$name"
rm -f "$targets/fuzz_$name-"*
case $name in
scenario) set -- "$root/loadgen/scenarios" ;;
topology) set -- "$root/provision/topologies" ;;
yaml_tree) set -- "$root/loadgen/scenarios" "$root/provision/topologies" ;;
*) set -- ;;
esac
if nice "$targets/fuzz_$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$targets/fuzz_$name-" "$work/$name" "$here/corpus/$name" "$@" >"$work/$name.log" 2>&1; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$name.log")
    echo "fuzz      $name: $runs inputs in $seconds s, nothing found"
else
    why=$(grep -m 1 -E 'SUMMARY|does not hold' "$work/$name.log" || true)
    echo "fuzz      $name: FAILED: $why"
    echo "          the input is $(ls "$targets/fuzz_$name-"* 2>/dev/null | head -n 1), the report $work/$name.log"
    exit 1
fi
