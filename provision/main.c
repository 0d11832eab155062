#include "build_facts.h"
#include "command_tables.h"
#include "deployment.h"
#include "provision_commands.h"
#include "topology_words.h"

#include <curl/curl.h>
#include <jansson.h>
#include <libxml/xmlversion.h>
#include <string.h>
#include <yaml.h>

/* The instances of the deployment in the usual file, those whose ids need no quotes in a shell. */
static void offer(const char *placeholder, FILE *out)
{
    struct deployment d = { 0 };
    struct err ignored;
    if (strcmp(placeholder, "INSTANCE") == 0 &&
        deployment_load(&d, COMMAND_DEPLOYMENT_DEFAULT, &ignored) == 1)
        for (size_t i = 0; i < d.n_instances; i++)
            if (topology_is_word(d.instances[i].id))
                fprintf(out, "%s\t%s\n", d.instances[i].id, d.instances[i].cluster);
    deployment_fini(&d);
}

int main(int argc, char *argv[])
{
    const struct build_library libraries[] = {
        { "libcurl", curl_version_info(CURLVERSION_NOW)->version },
        { "libxml2", LIBXML_DOTTED_VERSION },
        { "jansson", jansson_version_str() },
        { "libyaml", yaml_get_version_string() },
        { NULL, NULL },
    };
    const struct program program = {
        .name = "loadgen provision",
        .summary = "Bring up clusters of instances behind a load balancer, on this machine or on AWS, and "
                   "take them down",
        .subcommands = commands_table,
        .overview = &command_overview,
        .offer = offer,
        .build = &build_facts,
        .libraries = libraries,
    };
    return program_main(&program, argc, argv);
}
