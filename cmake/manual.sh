#!/bin/sh
# Manual pages and completions, from the programs and from the documents of our files. usage: cmake/manual.sh BIN OUT VERSION DATE
# PROGRAM...
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
bin=$1
out=$2
version=$3
date=$4
shift 4

rm -rf "$out"
mkdir -p "$out/man1" "$out/man5" "$out/completions"

for program; do
    "$bin/$program" --man >"$out/man1/$program.1"
    "$bin/$program" --complete '' >"$out/commands"
    # loadgen-fleet offers scenarios and files as well.
    awk -F '\t' '!/^:/ && $2 != "shipped" { print $1 }' "$out/commands" | while read -r command; do
        "$bin/$program" --man "$command" >"$out/man1/$program-$command.1"
    done
    rm "$out/commands"
done

# page_of NAME ABOUT DOCUMENT SEE_ALSO
page_of() {
    awk -v page="loadgen-$1" -v about="$2" -v see="$4" -v date="$date" -v source="loadgen $version" \
        -f "$here/cmake/markdown_man.awk" "$here/$3" >"$out/man5/loadgen-$1.5"
}
page_of scenario 'scenario files of loadgen' loadgen/scenarios/README.md 'loadgen(1) loadgen-run(1) loadgen-plan(1) loadgen-topology(5)'
page_of topology 'topology files of loadgen' provision/topologies/README.md 'loadgen-provision(1) loadgen-provision-up(1) loadgen-scenario(5)'
page_of results 'files that loadgen writes and reads' results/README.md 'loadgen-run(1) loadgen-analysis(1) loadgen-provision(1)'

for shell in bash zsh fish; do
    "$bin/loadgen" completion "$shell" >"$out/completions/$shell"
done
