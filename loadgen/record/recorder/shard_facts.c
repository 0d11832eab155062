#include "shard_facts.h"

#include "json_tree.h"

#include <math.h>

struct shard_facts shard_facts_new(uint32_t index, uint32_t count, const char *source)
{
    return (struct shard_facts){
        .index = index,
        .count = count,
        .source = source,
        .clock_max_error_us = NAN,
        .clock_offset_us = NAN,
        .clock_error_us = NAN,
        .clock_drift_us = NAN,
        .start_late_us = NAN,
    };
}

json_t *shard_facts_json(const struct shard_facts *f)
{
    json_t *shard = json_object();
    json_tree_set(&shard, "index", json_tree_count((uint64_t)f->index + 1));
    json_tree_set(&shard, "count", json_tree_count(f->count));
    json_tree_set(&shard, "source", json_tree_text_or_null(f->source));
    json_tree_set(&shard, "start_at", json_tree_text_or_null(f->start_at));
    json_tree_set(&shard, "clock_max_error_us", json_tree_real(f->clock_max_error_us));
    json_tree_set(&shard, "clock_offset_us", json_tree_real(f->clock_offset_us));
    json_tree_set(&shard, "clock_error_us", json_tree_real(f->clock_error_us));
    json_tree_set(&shard, "clock_drift_us", json_tree_real(f->clock_drift_us));
    json_tree_set(&shard, "start_late_us", json_tree_real(f->start_late_us));
    return shard;
}
