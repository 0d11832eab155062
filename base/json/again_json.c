#include "again_json.h"

#include "json_member.h"
#include "json_tree.h"

json_t *again_json(const struct again_counts *counts)
{
    json_t *json = json_object();
    for (int cause = 0; cause < N_AGAIN; cause++)
        json_tree_set(&json, again_name((enum again)cause), json_tree_count(counts->n[cause]));
    return json;
}

struct again_counts again_json_read(const json_t *again)
{
    struct again_counts counts;
    for (int cause = 0; cause < N_AGAIN; cause++)
        counts.n[cause] = json_member_count(again, again_name((enum again)cause));
    return counts;
}
