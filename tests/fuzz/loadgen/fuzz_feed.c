/* A feed and a template over it: what is accepted can be written for any request, in no more than the bytes
 * that it is said to need. The first line is the template, the rest the feed. */
#include "err.h"
#include "feed.h"
#include "fuzz.h"
#include "plan.h"
#include "random.h"
#include "template.h"

#include <string.h>
#include <unistd.h>

enum { REQUESTS_LOOKED_AT = 5, PIECE_BYTES_MOST = 1 << 20 };

static void check_pieces(const struct template *t, const struct plan_stream *s)
{
    static char id[] = "i-0";
    char *ids[] = { id };
    struct plan_cluster cluster = { .instances = ids, .n_instances = 1 };
    struct random random;
    random_init(&random, 1, 0);
    for (size_t i = 0; i < t->n; i++) {
        const size_t most = template_piece_bytes_most(&t->pieces[i], &s->feed);
        if (most > PIECE_BYTES_MOST)
            continue;
        char *out = malloc(most + 1);
        for (uint64_t seq = 0; seq < REQUESTS_LOOKED_AT; seq++)
            FUZZ_HOLDS(template_piece_write(&t->pieces[i], s, &cluster, seq, &random, out) <= most);
        free(out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    char path[FUZZ_PATH_BYTES];
    char text[512];
    struct plan_stream s = { .name = "s" };
    const uint8_t *line = memchr(data, '\n', length_bytes);
    const size_t n = line ? (size_t)(line - data) : length_bytes;
    const size_t kept = n < sizeof text ? n : sizeof text - 1;
    struct err e = { ERR_NONE, "" };
    memcpy(text, data, kept);
    text[kept] = '\0';
    const int fd = fuzz_file(data + n, length_bytes - n, path);
    if (line && feed_load(&s.feed, NULL, path, &e))
        FUZZ_HOLDS(*e.text != '\0');
    for (int use = TEMPLATE_PATH; use <= TEMPLATE_BODY && !*e.text; use++) {
        struct template t = { 0 };
        struct err wrong;
        if (template_add_text(&t, text, (enum template_use)use, &s.feed, &wrong))
            FUZZ_HOLDS(*wrong.text != '\0');
        else
            check_pieces(&t, &s);
        template_fini(&t);
    }
    close(fd);
    plan_stream_fini(&s);
    return 0;
}
