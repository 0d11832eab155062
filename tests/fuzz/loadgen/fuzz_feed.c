/* A feed and a template over it: what is accepted can be written for any request, in no more than the bytes
 * that it is said to need. The first line is the template, the rest the feed. */
#include "err.h"
#include "feed.h"
#include "fuzz.h"
#include "plan.h"
#include "render.h"
#include "template.h"

#include <string.h>
#include <unistd.h>

enum { REQUESTS_LOOKED_AT = 5, PIECE_BYTES_MOST = 1 << 20 };

static void check_pieces(const struct template *t, const struct plan *plan, const struct plan_stream *s)
{
    for (size_t i = 0; i < t->n; i++) {
        const size_t most = render_bytes_most(&t->pieces[i], s);
        if (most > PIECE_BYTES_MOST)
            continue;
        for (uint64_t seq = 0; seq < REQUESTS_LOOKED_AT; seq++) {
            struct render_source source = { .plan = plan, .stream = s, .counter = seq, .walk = seq };
            struct render_room room = { .bytes = malloc(most + 1), .n_bytes = most, .is_fixed = true };
            size_t used = 0;
            FUZZ_HOLDS(render_pieces(&source, &t->pieces[i], 1, &room, &used) == NULL && used <= most);
            free(room.bytes);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static char id[] = "i-0";
    char *ids[] = { id };
    char path[FUZZ_PATH_BYTES];
    char text[512];
    struct plan_cluster cluster = { .instances = ids, .n_instances = 1 };
    struct plan_stream s = { .name = "s" };
    struct plan plan = { .streams = &s, .n_streams = 1, .clusters = &cluster, .n_clusters = 1, .seed = 1 };
    const uint8_t *line = memchr(data, '\n', length_bytes);
    const size_t n = line ? (size_t)(line - data) : length_bytes;
    const size_t kept = n < sizeof text ? n : sizeof text - 1;
    struct err e = { ERR_NONE, "" };
    memcpy(text, data, kept);
    text[kept] = '\0';
    const int fd = fuzz_file(data + n, length_bytes - n, path);
    struct plan_feed *feed = line ? feed_add(&plan, &e) : NULL;
    const struct template_scope scope = { .plan = &plan, .stream = &s, .csv = feed };
    if (feed && feed_load(feed, NULL, path, &e))
        FUZZ_HOLDS(*e.text != '\0');
    for (int use = TEMPLATE_BODY; use <= TEMPLATE_FORM && !*e.text; use++) {
        struct template t = { 0 };
        struct err wrong;
        if (template_add_text(&t, text, (enum template_use)use, &scope, &wrong))
            FUZZ_HOLDS(*wrong.text != '\0');
        else
            check_pieces(&t, &plan, &s);
        template_fini(&t);
    }
    close(fd);
    plan_feed_free(feed);
    free(plan.feeds);
    plan_stream_fini(&s);
    return 0;
}
