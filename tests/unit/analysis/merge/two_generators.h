/* Two run folders of made_run.h, as two generators leave them, and what they become when they are merged: the
 * second one started 0.7 s after the first, which is one second for values per second. */
#ifndef TEST_TWO_GENERATORS_H
#define TEST_TWO_GENERATORS_H

#include "cm.h"

#include "close.h"
#include "made_run.h"
#include "made_text.h"

#include "merge.h"

#include <jansson.h>
#include <unistd.h>

#define REMOTES  "cluster,address,connections_n,requests_n\n"
#define REQUESTS "seq,due_ns,sent_ns,first_ns,done_ns,conn,class\n"

static struct err e;
static char first[200], second[200], out[200];

/* Writes the two folders; they differ in start, name and seed. */
static inline void two_generators(const char *t0)
{
    char folder[256], edit[64];
    strcpy(first, made_run("first"));
    strcpy(second, made_run("second"));
    snprintf(out, sizeof out, "%s", scratch_path("merged"));
    struct err ignored;
    files_remove_tree(out, &ignored);
    snprintf(edit, sizeof edit, "\"t0_realtime_ns\": %s", t0);
    made_edit(second, "run.json", "\"t0_realtime_ns\": 1795299004000000000", edit);
    made_edit(second, "run.json", "22-10-04Z-duo", "22-10-05Z-second");
    made_edit(second, "run.json", "\"seed\": 42", "\"seed\": 43");
    for (int i = 0; i < 2; i++) {
        snprintf(folder, sizeof folder, "%s", i == 0 ? first : second);
        made_edit(folder, "run.json", "\"threads\": 1,", "\"threads\": 2,");
        made_file(folder, "errors.csv",
                  i == 0 ? "t_s,stream,count_n\n2,load1,5\n3,load1,20\n" : "t_s,stream,count_n\n2,load1,7\n");
        made_file(folder, "requests.csv",
                  i == 0 ? REQUESTS "5,10,20,30,1600000000,1,ok\n6,10,20,,,1,dropped\n"
                         : REQUESTS "5,10,20,30,100,1,ok\n7,10,20,30,900000001,2,ok\n");
        made_file(folder, "dns.csv",
                  i == 0 ? "t_s,name,address\n0.000000,a,1\n1.000000,b,3\n"
                         : "t_s,name,address\n0.000000,c,2\n");
    }
    made_file(first, "remotes.csv", REMOTES "cluster1,a,1,1\n");
    made_file(second, "remotes.csv", REMOTES "cluster1,b,1,1\n");
    made_remove(first, "cloudwatch.csv");
    made_file(second, "cloudwatch.csv", "of the second\n");
}

/* Whichever order they are named in. */
static inline int merge(struct merge_outcome *outcome)
{
    const char *const folders[] = { second, first };
    return merge_folders(&(struct merge_request){ .folders = folders, .n_folders = 2, .out = out }, outcome,
                         &e);
}

static inline char *merged_file(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", out, name);
    return scratch_read(path, NULL);
}

/* The merged run.json, owned. */
static inline json_t *merged_run(void)
{
    json_error_t where;
    char *text = merged_file("run.json");
    json_t *root = json_loads(text, 0, &where);
    free(text);
    assert_non_null(root);
    return root;
}

static inline double number_at(const json_t *root, const char *list, size_t index, const char *key)
{
    return json_number_value(json_object_get(json_array_get(json_object_get(root, list), index), key));
}

#endif
