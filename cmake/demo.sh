#!/bin/sh
# The whole chain: lab up, benchmark, figures, report; the lab comes down whatever happens. usage: cmake/demo.sh local|aws
# It keeps a deployment file of its own, so that a lab that somebody has up is left alone.
set -eu
cd "$(dirname "$0")/.."
provider=$1
loadgen=build/release/bin/loadgen
deployment=results/deployment-demo.json

case $provider in
local) scenario=demo ;;
aws) scenario=tp1 ;;
esac

take_down() {
    status=$?
    trap - EXIT INT TERM
    "$loadgen" provision down --deployment "$deployment" || status=1
    exit $status
}
trap take_down EXIT
trap 'exit 130' INT TERM

"$loadgen" provision up m4x4-t2x5 --provider "$provider" --deployment "$deployment"
# On a busy machine the generator may be part of what was measured; the report says so, and is written all the same.
"$loadgen" run "$scenario" --deployment "$deployment"
"$loadgen" provision metrics --deployment "$deployment" || echo "the report goes without some of the provider's metrics" >&2
run=results/$(readlink results/latest)
"$loadgen" analysis figures "$run"
"$loadgen" analysis report "$run"
echo
echo "report    $run/report.html"
echo "figures   $run/figures"
echo
head -n 2 "$run/report.txt" | fold -s -w 80 # which cluster was faster, as far as one run tells
