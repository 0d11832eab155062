#include "http2_json.h"

#include "json_member.h"
#include "json_tree.h"

/* Null: the peer has not said. */
static json_t *limit_json(const struct http2_counts *c, uint32_t n)
{
    return c->has_limits ? json_tree_count(n) : json_null();
}

/* The codes that came. */
static json_t *resets_json(const struct http2_counts *counts)
{
    json_t *resets = json_object();
    for (uint32_t code = 0; code < HTTP2_N_RESETS; code++)
        if (counts->n_resets[code] > 0)
            json_tree_set(&resets, http2_counts_code_name(code), json_tree_count(counts->n_resets[code]));
    return resets;
}

json_t *http2_json(const struct http2_counts *c)
{
    json_t *json = json_object();
    json_tree_set(&json, "streams_allowed_least_n", limit_json(c, c->n_peer_least));
    json_tree_set(&json, "streams_allowed_most_n", limit_json(c, c->n_peer_most));
    json_tree_set(&json, "streams_open_most_n", json_tree_count(c->n_open_most));
    json_tree_set(&json, "in_use_most_n", json_tree_count(c->n_in_use_most));
    json_tree_set(&json, "goaways_n", json_tree_count(c->n_goaways));
    json_tree_set(&json, "goaway_errors_n", json_tree_count(c->n_goaway_errors));
    json_tree_set(&json, "goaway_error",
                  c->goaway_error ? json_string(http2_counts_code_name(c->goaway_error)) : json_null());
    json_tree_set(&json, "unprocessed_n", json_tree_count(c->n_unprocessed));
    json_tree_set(&json, "refused_n", json_tree_count(c->n_refused));
    json_tree_set(&json, "resets", resets_json(c));
    json_tree_set(&json, "cancels_n", json_tree_count(c->n_cancels));
    json_tree_set(&json, "ended_by_count_n", json_tree_count(c->n_ended_by_count));
    json_tree_set(&json, "held_up_s", json_real((double)c->blocked_ns / 1e9));
    return json;
}

static uint32_t count_32(const json_t *object, const char *key)
{
    const uint64_t n = json_member_count(object, key);
    return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

struct http2_counts http2_json_read(const json_t *json)
{
    const json_t *resets = json_object_get(json, "resets");
    const uint32_t code = http2_counts_code_find(json_member_text(json, "goaway_error"));
    struct http2_counts c = {
        .n_goaways = json_member_count(json, "goaways_n"),
        .n_goaway_errors = json_member_count(json, "goaway_errors_n"),
        .n_unprocessed = json_member_count(json, "unprocessed_n"),
        .n_refused = json_member_count(json, "refused_n"),
        .n_cancels = json_member_count(json, "cancels_n"),
        .n_ended_by_count = json_member_count(json, "ended_by_count_n"),
        .blocked_ns = http2_counts_held_up_ns(json_member_real(json, "held_up_s")),
        .goaway_error = code < HTTP2_N_RESETS ? code : 0,
        .has_limits = json_is_integer(json_object_get(json, "streams_allowed_least_n")),
        .n_peer_least = count_32(json, "streams_allowed_least_n"),
        .n_peer_most = count_32(json, "streams_allowed_most_n"),
        .n_open_most = count_32(json, "streams_open_most_n"),
        .n_in_use_most = json_member_count(json, "in_use_most_n"),
    };
    for (uint32_t i = 0; i < HTTP2_N_RESETS; i++)
        c.n_resets[i] = json_member_count(resets, http2_counts_code_name(i));
    return c;
}
