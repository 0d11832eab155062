# Read by the scripts beside it: shows how far a long command is.
# shellcheck shell=sh

progress_every_s=10 # between the lines of a log

# progress LABEL LOG STATUS COMMAND...: runs COMMAND, appends its output to LOG and returns its exit code. Meanwhile the function STATUS
# prints a few words on LOG: each second on a terminal, where the line is rewritten, else every ten seconds a line.
progress() {
    label=$1 log=$2 status=$3
    shift 3
    started_s=$(date +%s)
    rewrites=
    [ ! -t 1 ] || [ "${TERM:-dumb}" = dumb ] || rewrites=yes
    [ -z "$rewrites" ] || printf '%s' "$label"
    progress_follow 2>/dev/null &
    follower=$!
    trap progress_stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    code=0
    "$@" >>"$log" 2>&1 || code=$?
    progress_stop
    trap - EXIT INT TERM
    return "$code"
}

# progress_end TEXT: ends the line of the command that `progress` ran.
progress_end() {
    if [ -n "$rewrites" ]; then printf '\r%s  %s\033[K\n' "$label" "$1"; else printf '%s  %s\n' "$label" "$1"; fi
}

progress_seconds() {
    echo "$(($(date +%s) - started_s)) s"
}

progress_stop() {
    kill "$follower" 2>/dev/null || true
    wait "$follower" 2>/dev/null || true
}

progress_follow() {
    waited_s=0
    trap 'kill $!; wait $!; exit' TERM # the sleep ends with it
    while kill -0 $$; do
        sleep 1 >/dev/null &
        wait $!
        waited_s=$((waited_s + 1))
        if [ -n "$rewrites" ]; then
            printf '\r%s  %s\033[K' "$label" "$("$status" "$log")"
        elif [ $((waited_s % progress_every_s)) = 0 ]; then
            printf '%s  %s\n' "$label" "$("$status" "$log")"
        fi
    done
}
