/* The machine in run.json: read once, before anything is sent. */
#ifndef RECORD_RUN_JSON_HOST_H
#define RECORD_RUN_JSON_HOST_H

#include "host_facts.h"
#include "host_kernel.h"

#include <jansson.h>

struct names;
struct build;
struct stats;

struct run_json_host {
    struct host_facts facts;
    struct host_kernel_rows vulnerabilities, parameters, sysctls;
};

/* `root` as in host_file.h. */
void run_json_host_read(const char *root, struct run_json_host *host);

/* New objects, NULL when memory is short. `host`: the machine. */
json_t *run_json_host(const struct run_json_host *host);
/* `network`: the interface to the first remote address, and the shortest round trip seen to any. */
json_t *run_json_network(const struct stats *run, const struct names *remotes);
/* `tool`: this program, its commit and its compiler; `build` NULL: unknown. */
json_t *run_json_tool(const struct build *build);

#endif
