# Read by the scripts beside it: shows how far a long command is.
# shellcheck shell=sh

progress_every_s=10 # between the lines of a log

# progress LABEL LOG STATUS COMMAND...: runs COMMAND, appends its output to LOG and returns its exit code. Meanwhile the function STATUS
# prints a few words on LOG: each second on a terminal, where the line is rewritten, else every ten seconds a line.
progress() {
    progress_label=$1 progress_log=$2 progress_status=$3
    shift 3
    progress_started_s=$(date +%s)
    progress_rewrites=
    [ ! -t 1 ] || [ "${TERM:-dumb}" = dumb ] || progress_rewrites=yes
    [ -z "$progress_rewrites" ] || printf '%s' "$progress_label"
    progress_follow 2>/dev/null &
    progress_follower=$!
    trap progress_stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    progress_code=0
    "$@" >>"$progress_log" 2>&1 || progress_code=$?
    progress_stop
    trap - EXIT INT TERM
    return "$progress_code"
}

# progress_end TEXT: ends the line of the command that `progress` ran.
progress_end() {
    if [ -n "$progress_rewrites" ]; then printf '\r%s  %s\033[K\n' "$progress_label" "$1"; else printf '%s  %s\n' "$progress_label" "$1"; fi
}

progress_seconds() {
    echo "$(($(date +%s) - progress_started_s)) s"
}

progress_stop() {
    kill "$progress_follower" 2>/dev/null || true
    wait "$progress_follower" 2>/dev/null || true
}

progress_follow() {
    progress_waited_s=0
    trap 'kill $!; wait $!; exit' TERM # the sleep ends with it
    while kill -0 $$; do
        sleep 1 >/dev/null &
        wait $!
        progress_waited_s=$((progress_waited_s + 1))
        if [ -n "$progress_rewrites" ]; then
            printf '\r%s  %s\033[K' "$progress_label" "$("$progress_status" "$progress_log")"
        elif [ $((progress_waited_s % progress_every_s)) = 0 ]; then
            printf '%s  %s\n' "$progress_label" "$("$progress_status" "$progress_log")"
        fi
    done
}
