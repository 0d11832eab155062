#include "build_facts.h"
#include "command_tables.h"
#include "provision_commands.h"

#include <curl/curl.h>
#include <jansson.h>
#include <libxml/xmlversion.h>
#include <yaml.h>

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
        .build = &build_facts,
        .libraries = libraries,
    };
    return program_main(&program, argc, argv);
}
