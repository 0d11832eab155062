#!/bin/sh
# The whole chain: lab up, benchmark, figures, report; the lab comes down whatever happens. usage: cmake/demo.sh local|aws
# It keeps a deployment file of its own, so that a lab that somebody has up is left alone. Instances on AWS also end by themselves,
# after EXPIRE (4h), should this script be killed.
set -eu
cd "$(dirname "$0")/.."
provider=$1
loadgen=build/release/bin/loadgen
deployment=results/deployment-demo.json
child=

case $provider in
local) scenario=demo expire= ;;
aws) scenario=tp1 expire="--expire ${EXPIRE:-4h}" ;;
esac

# Nothing interrupts the way down: neither a second Ctrl-C, nor a terminal that closes, nor a reader that has left.
take_down() {
    status=$?
    trap '' HUP INT TERM PIPE
    trap - EXIT
    [ -z "$child" ] || { kill "$child" 2>/dev/null && wait "$child"; } || :
    "$loadgen" provision down --deployment "$deployment" || status=1
    exit $status
}
trap take_down EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM

# In the background, so that a signal to this script alone does not wait for the step.
step() {
    "$loadgen" "$@" &
    child=$!
    code=0
    wait "$child" || code=$?
    child=
    return $code
}

# shellcheck disable=SC2086 # two words, or none
step provision up m4x4-t2x5 --provider "$provider" --deployment "$deployment" $expire
# On a busy machine the generator may be part of what was measured; the report says so, and is written all the same.
step run "$scenario" --deployment "$deployment"
step provision metrics --deployment "$deployment" || echo "the report goes without some of the provider's metrics" >&2
run=results/$(readlink results/latest)
step analysis figures "$run"
step analysis report "$run"
echo
echo "report    $run/report.html"
echo "figures   $run/figures"
echo
head -n 2 "$run/report.txt" | fold -s -w 80 # which cluster was faster, as far as one run tells
