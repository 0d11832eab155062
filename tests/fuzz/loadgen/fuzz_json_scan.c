/* JSON from a server: nothing behind its end is read, places lie within it, cutting it never makes it right
 * in another way, and strings are no longer than they stood. The first byte chooses the paths. */
#include "err.h"
#include "fuzz.h"
#include "json_query.h"
#include "json_scan.h"
#include "json_text.h"

#include <stdbool.h>
#include <string.h>

static const char *const paths[][3] = {
    { "$", "$.a", "$.auth.token" },
    { "$.items[0].id", "$.items[-1].id", "$['b c']" },
    { "$[0]", "$[-1]", "$[1].a" },
    { "$[-1][-1]", "$.a.a.a", "$[0][0][0]" },
};

static void check_place(const struct json_place *place, const char *text, size_t length)
{
    if (place->kind == PLACE_NOTHING)
        return;
    FUZZ_HOLDS(place->at >= text && place->at + place->n_bytes <= text + length);
    if (place->kind != PLACE_STRING)
        return;
    char *out = malloc(place->n_bytes + 1);
    FUZZ_HOLDS(out != NULL);
    const size_t n = json_text_write(place->at, place->n_bytes, out);
    FUZZ_HOLDS(n <= place->n_bytes && (place->has_escapes || n == place->n_bytes));
    FUZZ_HOLDS(json_text_is(place->at, place->n_bytes, out, n));
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct json_query queries[3];
    struct json_queries arranged;
    struct json_place places[3], none[1];
    struct err e;
    if (length_bytes == 0)
        return 0;
    for (int i = 0; i < 3; i++)
        FUZZ_HOLDS(json_query_parse(&queries[i], paths[data[0] % 4][i], &e) == 0);
    const size_t length = length_bytes - 1;
    char *text = malloc(length + 1);
    FUZZ_HOLDS(text != NULL);
    memcpy(text + 1, data + 1, length);
    json_queries_arrange(&arranged, queries, 3);
    const char *cause = json_scan(&arranged, text + 1, length, places);
    for (int i = 0; !cause && i < 3; i++)
        check_place(&places[i], text + 1, length);
    json_queries_arrange(&arranged, NULL, 0); /* the same verdict where nothing is looked for */
    const char *plain = json_scan(&arranged, text + 1, length, none);
    FUZZ_HOLDS(!cause == !plain);
    free(text);
    for (int i = 0; i < 3; i++)
        json_query_fini(&queries[i]);
    return 0;
}
