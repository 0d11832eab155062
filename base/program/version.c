#include "version.h"

#include "program.h"
#include "wrap.h"

#include <string.h>
#include <sys/utsname.h>

enum { COLUMN = 11 };

static const char *known(const char *text)
{
    return *text ? text : "unknown";
}

static void print_libraries(const struct build_library *row, FILE *out)
{
    char text[512] = "";
    size_t used = 0;
    for (const char *comma = ""; row->name && used < sizeof text; row++, comma = ", ")
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %s", comma, row->name, row->version);
    fputs("libraries  ", out);
    wrap_print(out, text, COLUMN, COLUMN);
}

void version_print(const struct program *program, FILE *out)
{
    struct utsname machine;
    fprintf(out, "%s %s\n", program->name, LOADGEN_VERSION);
    if (program->build)
        fprintf(out, "commit     %s\ncompiler   %s, %s build\n", known(program->build->commit),
                known(program->build->compiler), known(program->build->kind));
    if (uname(&machine) == 0)
        fprintf(out, "system     %s %s, %s\n", machine.sysname, machine.release, machine.machine);
    if (program->libraries)
        print_libraries(program->libraries, out);
    fputs("license    MIT, without any warranty\n", out);
}
