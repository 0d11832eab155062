#include "run_complete.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

bool run_complete(const char *folder)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s/run.json", folder) >= sizeof path)
        return false;
    json_t *root = json_load_file(path, 0, NULL);
    const char *end = json_string_value(json_object_get(root, "end"));
    const bool is_complete = end && strcmp(end, "done") == 0;
    json_decref(root);
    return is_complete;
}
