#include "pattern.h"

#include "err.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    BACKTRACKS_MOST = 100000, /* from one start: about 0.2 ms */
    HEAP_KIB_MOST = 1024,     /* where there is no JIT */
    STACK_BYTES = 32 * 1024,
    STACK_BYTES_MOST = 512 * 1024,
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
    p->code = pcre2_compile((PCRE2_SPTR)text, length,
                            PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
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
    const size_t *bounds = pcre2_get_ovector_pointer(room->data);
    const int g = p->n_groups > 0 ? 1 : 0;
    const bool is_set = (n_set == 0 || n_set > g) && bounds[2 * g] != PCRE2_UNSET;
    if (!is_set || bounds[2 * g] > bounds[2 * g + 1]) /* \K may end before it begins */
        return (struct pattern_group){ 0 };
    return (struct pattern_group){ text + bounds[2 * g], bounds[2 * g + 1] - bounds[2 * g] };
}

enum pattern_result pattern_find(const struct pattern *pattern, struct pattern_room *room, const char *text,
                                 size_t length_bytes, struct pattern_group *group)
{
    const int n_set =
        pcre2_match(pattern->code, (PCRE2_SPTR)text, length_bytes, 0, 0, room->data, room->context);
    if (n_set < 0)
        return n_set == PCRE2_ERROR_NOMATCH ? PATTERN_NOT_FOUND : PATTERN_TOO_SLOW;
    if (group)
        *group = group_of(pattern, room, n_set, text);
    return PATTERN_MATCHES;
}
