#include "import_job.h"

#include "draft.h"
#include "err.h"
#include "files.h"

#include <stdlib.h>
#include <string.h>

enum { READ_BYTES = 64 * 1024 };

/* A pipe has no length: the buffer doubles until its end. */
static int read_stream(FILE *in, size_t most_bytes, char **text, size_t *length_bytes, struct err *e)
{
    size_t capacity = 0, used = 0, n;
    char *bytes = NULL;
    do {
        if (capacity - used < READ_BYTES) {
            capacity = capacity * 2 + READ_BYTES + 1;
            char *larger = realloc(bytes, capacity);
            if (!larger) {
                free(bytes);
                return plan_out_of_memory(e);
            }
            bytes = larger;
        }
        n = fread(bytes + used, 1, capacity - used - 1, in);
        used += n;
    } while (n > 0 && used <= most_bytes);
    if (ferror(in) || used > most_bytes) {
        free(bytes);
        return ferror(in) ? err_errno(e, ERR_INPUT, "cannot read standard input")
                          : err_set(e, ERR_INPUT, "standard input has more than %zu MiB", most_bytes >> 20);
    }
    bytes[used] = '\0';
    *text = bytes;
    *length_bytes = used;
    return 0;
}

int import_job_read(const char *file, size_t most_bytes, char **text, size_t *length_bytes, struct err *e)
{
    return strcmp(file, "-") == 0 ? read_stream(stdin, most_bytes, text, length_bytes, e)
                                  : files_read(file, most_bytes, text, length_bytes, e);
}

const char *import_job_file_name(const char *file)
{
    return strcmp(file, "-") == 0 ? "standard input" : file;
}

int import_job_begin(const struct import_job *job, struct draft *d, struct err *e)
{
    const char *source = job->n_files > 0 ? import_job_file_name(job->files[0]) : "a command line";
    const size_t n_more = job->n_files > 1 ? job->n_files - 1 : 0;
    const char *base = strrchr(source, '/');
    d->kind = job->kind;
    d->name = arena_text(&d->arena, job->name, e);
    d->source = n_more == 0 ? arena_text(&d->arena, base ? base + 1 : source, e)
                            : arena_format(&d->arena, e, "%s and %zu more", base ? base + 1 : source, n_more);
    return d->name && d->source ? 0 : -1;
}
