/* Files of recorded requests: whatever is accepted is sent in order of time, as whole messages without a line
 * that the file smuggled in, the same by one thread as by two; whatever is refused is refused in a sentence.
 */
#include "arrivals.h"
#include "err.h"
#include "fuzz.h"
#include "plan.h"
#include "recording.h"
#include "recording_rows.h"
#include "scenario.h"

#include <string.h>
#include <unistd.h>

/* Every line of a request but the first is a header, and the empty line ends it. */
static void check_message(const struct plan_piece *piece)
{
    const char *message = piece->text;
    const size_t length = piece->length_bytes;
    const char *end = memmem(message, length, "\r\n\r\n", 4);
    FUZZ_HOLDS(end && end + 4 == message + length);
    const char *line = memmem(message, length, "\r\n", 2);
    FUZZ_HOLDS(line - message > 11 && memcmp(line - 9, " HTTP/1.1", 9) == 0);
    while (line < end) {
        const char *begin = line + 2;
        line = memmem(begin, length - (size_t)(begin - message), "\r\n", 2);
        FUZZ_HOLDS(memchr(begin, ':', (size_t)(line - begin)) != NULL);
        FUZZ_HOLDS(memchr(begin, '\n', (size_t)(line - begin)) == NULL);
        FUZZ_HOLDS(memchr(begin, '\0', (size_t)(line - begin)) == NULL);
    }
}

static uint64_t send(const struct plan_stream *s, uint32_t index, uint32_t n_sharers)
{
    const struct division d = { .n_connections = n_sharers, .n_sharers = n_sharers, .index = index };
    struct arrivals a;
    struct err e;
    uint64_t due_ns, number, before_ns = 0, n = 0;
    uint32_t phase;
    arrivals_init(&a, s, 1, 0, &d);
    FUZZ_HOLDS(arrivals_open(&a, &e) == 0);
    while (arrivals_next(&a, &due_ns, &number, &phase)) {
        FUZZ_HOLDS(due_ns >= before_ns && due_ns <= arrivals_phase_start_ns(s, phase + 1));
        FUZZ_HOLDS(a.row->row < s->n_rows);
        check_message(&a.row->piece);
        recording_rows_release(&a.rows, a.row);
        before_ns = due_ns;
        n++;
    }
    FUZZ_HOLDS(a.wrong == NULL);
    arrivals_fini(&a);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    const struct scenario_overrides none = { 0 };
    char path[FUZZ_PATH_BYTES], text[512];
    struct plan plan;
    struct err e;
    const int fd = fuzz_file(data, length_bytes, path);
    snprintf(
        text, sizeof text,
        "name: f\ntarget: http://t\nseed: 1\nstreams: [ { name: s, arrivals: recorded, phases: [ { replay: "
        "%s, speed: 3 } ] } ]\n",
        path);
    if (scenario_parse(&plan, "f.yaml", text, strlen(text), &none, &e)) {
        fuzz_sentence(e.text);
    } else {
        const struct plan_stream *s = &plan.streams[0];
        const uint64_t n = s->phases[0].n_requests;
        FUZZ_HOLDS(n > 0 && send(s, 0, 1) == n && send(s, 0, 2) + send(s, 1, 2) == n);
    }
    plan_fini(&plan);
    close(fd);
    return 0;
}
