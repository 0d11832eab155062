/* What the summary prints of HTTP/2. */
#include "again.h"
#include "described.h"
#include "http2_counts.h"

static struct http2_counts counts;

/* One stream, over HTTP/2. */
static void make(struct described *x, uint64_t asked)
{
    described_init(x);
    counts = (struct http2_counts){
        .has_limits = true, .n_peer_least = 128, .n_peer_most = 128, .n_open_most = 128
    };
    x->streams[2].streams_per_connection = asked;
    x->streams[2].http2 = &counts;
    answers(x, 5, "service.plain.web.p1.ok.all", 20000, 1000);
}

static void the_title_names_the_protocol_and_the_streams_of_a_connection(void **state)
{
    struct described x;
    (void)state;
    make(&x, 200);
    has(&x, "    3 streams, 6 connections of up to 200 streams, HTTP/1.1 and HTTP/2, 1\n    thread");
    x.streams[0].streams_per_connection = x.streams[1].streams_per_connection = 200;
    has(&x, "6 connections of 200 streams, HTTP/2, 1 thread");
    for (size_t i = 0; i < 3; i++)
        x.streams[i].streams_per_connection = 1;
    has(&x, "6 connections, HTTP/2, 1 thread");
    described_fini(&x);
}

static void streams_are_shown_as_asked_allowed_and_reached(void **state)
{
    struct described x;
    (void)state;
    make(&x, 200);
    has(&x, "  HTTP/2      streams a connection: 200 asked for, 128 allowed, at most 128 open\n");
    counts.n_peer_least = 100;
    counts.n_peer_most = UINT32_MAX;
    has(&x, "200 asked for, 100 to any number allowed, at");
    counts.n_peer_least = UINT32_MAX;
    has(&x, "200 asked for, any number allowed, at");
    counts.n_peer_least = 0;
    counts.n_peer_most = 100;
    has(&x, "200 asked for, 0 to 100 allowed, at");
    counts.n_peer_most = 0;
    has(&x, "200 asked for, 0 allowed, at");
    counts.has_limits = false;
    has(&x, "200 asked for, at most 128 open");
    x.streams[2].streams_per_connection = 1; /* there is nothing to reach */
    has_not(&x, "streams a connection");
    described_fini(&x);
}

static void requests_that_were_sent_again_are_no_failures(void **state)
{
    struct described x;
    (void)state;
    make(&x, 10);
    has_not(&x, "sent again");
    counts.n_unprocessed = 521;
    has(&x, "  sent again  521 requests not processed before a GOAWAY\n");
    counts.n_refused = 3;
    has(&x, "  sent again  521 requests not processed before a GOAWAY, 3 refused\n");
    counts.n_unprocessed = 0;
    has(&x, "  sent again  3 requests refused (REFUSED_STREAM)\n");
    x.streams[0].again = x.streams[2].again = &(struct again_counts){ .n = { 0, 3, 7, 4, 0, 1 } };
    has(&x, "  sent again  3 requests refused (REFUSED_STREAM)\n"
            "              8 requests: another one timed out on the connection\n"
            "              2 requests: an earlier answer closed the connection\n");
    counts.n_refused = 0;
    has(&x, "  sent again  8 requests: another one timed out on the connection\n");
    counts.n_refused = 3;
    x.phases[5].all.n_outcomes[OUTCOME_RESET_IDLE] = 1;
    has(&x, "(REFUSED_STREAM)\n              1 request: its reused connection closed before an answer\n");
    has_not(&x, "failed      ");
    described_fini(&x);
}

static void connections_that_ended_are_counted_by_who_ended_them(void **state)
{
    struct described x;
    (void)state;
    make(&x, 1);
    counts.n_goaways = 1;
    has(&x, "  HTTP/2      1 connection ended by the peer (GOAWAY)\n");
    counts.n_goaways = 2;
    counts.n_goaway_errors = 1;
    counts.n_ended_by_count = 3;
    has(&x, "  HTTP/2      2 connections ended by the peer (GOAWAY), 3 by\n"
            "              requests_per_connection\n");
    counts.n_goaways = counts.n_goaway_errors = 0;
    has(&x, "  HTTP/2      3 connections ended by requests_per_connection\n");
    described_fini(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_title_names_the_protocol_and_the_streams_of_a_connection),
        cmocka_unit_test(streams_are_shown_as_asked_allowed_and_reached),
        cmocka_unit_test(requests_that_were_sent_again_are_no_failures),
        cmocka_unit_test(connections_that_ended_are_counted_by_who_ended_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
