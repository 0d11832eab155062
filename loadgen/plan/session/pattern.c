#include "pattern.h"

#include "err.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    BACKTRACKS_MOST = 100000, /* from one start: about 0.2 ms */
    HEAP_KIB_MOST = 1024,     /* where there is no JIT */
    STACK_BYTES = 32 * 1024,
    STACK_BYTES_MOST = 512 * 1024,
    FIRST_STARTS = 8,    /* of a match, that are tried before the clock is read */
    FIRST_WORK = 100000, /* but no more starts than so many bytes of the text can be read for */
    UNTIMED_NS = 150000,
    SEARCH_NS_MOST = 500000, /* of processor time, from then on */
    QUICK_NS = 20000,        /* a block after which one of eight times as many starts may follow */
    SLOW_NS = 250000,        /* a block after which fewer must */
};

struct pattern {
    pcre2_code *code;
    uint32_t n_groups;
};

struct pattern_room {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

static int refuse(int code, size_t at, struct err *e)
{
    unsigned char why[128];
    pcre2_get_error_message(code, why, sizeof why);
    return err_set(e, ERR_INPUT, "the regular expression is wrong at character %zu: %s", at + 1,
                   (const char *)why);
}

struct pattern *pattern_new(const char *text, struct err *e)
{
    const size_t length = strlen(text);
    if (length > PATTERN_BYTES_MOST) {
        err_set(e, ERR_INPUT, "the regular expression is longer than 4096 bytes");
        return NULL;
    }
    struct pattern *p = calloc(1, sizeof *p);
    int code = 0;
    size_t at = 0;
    if (!p) {
        err_set(e, ERR_FAILED, "out of memory");
        return NULL;
    }
    p->code =
        pcre2_compile((PCRE2_SPTR)text, length,
                      PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT,
                      &code, &at, NULL);
    if (!p->code) {
        refuse(code, at, e);
        free(p);
        return NULL;
    }
    pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE); /* without JIT, it is interpreted */
    pcre2_pattern_info(p->code, PCRE2_INFO_CAPTURECOUNT, &p->n_groups);
    return p;
}

void pattern_free(struct pattern *pattern)
{
    if (pattern)
        pcre2_code_free(pattern->code);
    free(pattern);
}

uint32_t pattern_n_groups(const struct pattern *pattern)
{
    return pattern->n_groups;
}

struct pattern_room *pattern_room_new(void)
{
    struct pattern_room *room = calloc(1, sizeof *room);
    if (!room)
        return NULL;
    room->data = pcre2_match_data_create(2, NULL);
    room->context = pcre2_match_context_create(NULL);
    room->stack = pcre2_jit_stack_create(STACK_BYTES, STACK_BYTES_MOST, NULL);
    if (!room->data || !room->context || !room->stack) {
        pattern_room_free(room);
        return NULL;
    }
    pcre2_set_match_limit(room->context, BACKTRACKS_MOST);
    pcre2_set_depth_limit(room->context, BACKTRACKS_MOST);
    pcre2_set_heap_limit(room->context, HEAP_KIB_MOST);
    pcre2_jit_stack_assign(room->context, NULL, room->stack);
    return room;
}

void pattern_room_free(struct pattern_room *room)
{
    if (!room)
        return;
    pcre2_match_data_free(room->data);
    pcre2_match_context_free(room->context);
    pcre2_jit_stack_free(room->stack);
    free(room);
}

static struct pattern_group group_of(const struct pattern *p, const struct pattern_room *room, int n_set,
                                     const char *text)
{
    const int group = p->n_groups > 0 ? 1 : 0;
    const size_t *bounds = pcre2_get_ovector_pointer(room->data) + (group ? 2 : 0);
    const bool is_set = (n_set == 0 || n_set > group) && bounds[0] != PCRE2_UNSET;
    if (!is_set || bounds[0] > bounds[1]) /* \K may end before it begins */
        return (struct pattern_group){ 0 };
    return (struct pattern_group){ text + bounds[0], bounds[1] - bounds[0] };
}

static uint64_t now_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* A search's time. Only processor time counts, as a busy machine may stop the thread for long; but to read it
 * is a system call, which a quick search is spared. */
struct watch {
    uint64_t began_ns; /* monotonic */
    uint64_t cpu_ns;   /* of the thread, when it was first read; 0: not yet */
};

static bool is_time_up(struct watch *w, uint64_t at_ns)
{
    if (at_ns - w->began_ns < UNTIMED_NS)
        return false;
    const uint64_t cpu_ns = now_ns(CLOCK_THREAD_CPUTIME_ID);
    if (w->cpu_ns == 0)
        w->cpu_ns = cpu_ns;
    return cpu_ns - w->cpu_ns >= SEARCH_NS_MOST;
}

static size_t next_block(size_t n_starts, uint64_t took_ns)
{
    return took_ns < QUICK_NS ? n_starts * 8 : took_ns < SLOW_NS ? n_starts : n_starts / 4 + 1;
}

/* Where the next block begins: not within a character. */
static size_t behind(const char *text, size_t at, size_t length)
{
    do
        at++;
    while (at < length && ((unsigned char)text[at] & 0xc0) == 0x80);
    return at;
}

/* Limits on backtracking are for one start of the match; from many starts, time adds up to as much as the
 * square of the text's length. So starts are tried block by block. */
static int search(const struct pattern *p, struct pattern_room *room, const char *text, size_t length)
{
    uint64_t at_ns = now_ns(CLOCK_MONOTONIC);
    struct watch watch = { .began_ns = at_ns };
    size_t n_starts = length < FIRST_WORK / FIRST_STARTS ? FIRST_STARTS : FIRST_WORK / length + 1;
    for (size_t from = 0;;) {
        const bool is_last = n_starts > length - from;
        const size_t last = from + n_starts - 1;
        pcre2_set_offset_limit(room->context, is_last ? PCRE2_UNSET : last);
        const int n_set = pcre2_match(p->code, (PCRE2_SPTR)text, length, from, 0, room->data, room->context);
        if (n_set != PCRE2_ERROR_NOMATCH || is_last)
            return n_set;
        const uint64_t before_ns = at_ns;
        at_ns = now_ns(CLOCK_MONOTONIC);
        if (is_time_up(&watch, at_ns))
            return PCRE2_ERROR_MATCHLIMIT;
        n_starts = next_block(n_starts, at_ns - before_ns);
        from = behind(text, last, length);
    }
}

enum pattern_result pattern_find(const struct pattern *pattern, struct pattern_room *room, const char *text,
                                 size_t length_bytes, struct pattern_group *group)
{
    const int n_set = search(pattern, room, text, length_bytes);
    if (n_set < 0)
        return n_set == PCRE2_ERROR_NOMATCH ? PATTERN_NOT_FOUND : PATTERN_TOO_SLOW;
    if (group)
        *group = group_of(pattern, room, n_set, text);
    return PATTERN_MATCHES;
}
