/* Gives a fuzz target every file of the folders and every file named on the command line: as it is, cut
 * short, and changed in a few places. The changes are drawn from a fixed seed, so that a failure comes back.
 */
#include "err.h"
#include "files.h"
#include "fuzz.h"
#include "random.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>

enum { N_CUTS = 20, N_CHANGED = 200, CHANGES_MOST = 4, CHANGED_BYTES_MOST = 64 * 1024 };

static void change_a_byte(char *data, size_t length_bytes, struct random *random)
{
    static const char telling[] = "\0\377\200{}[]:,-'\"\n#&*!<>9";
    char *at = &data[random_below(random, length_bytes)];
    if (random_below(random, 2))
        *at = (char)(*at ^ (1 << random_below(random, 8)));
    else
        *at = telling[random_below(random, sizeof telling - 1)];
}

static void replay_changed(const char *data, size_t length_bytes)
{
    struct random random;
    random_init(&random, length_bytes, 0);
    char *changed = malloc(length_bytes);
    FUZZ_HOLDS(changed != NULL);
    memcpy(changed, data, length_bytes);
    for (unsigned i = 0; i < N_CUTS; i++)
        LLVMFuzzerTestOneInput((const uint8_t *)changed, random_below(&random, length_bytes));
    for (unsigned i = 0; i < N_CHANGED; i++) {
        memcpy(changed, data, length_bytes);
        for (uint64_t n = 1 + random_below(&random, CHANGES_MOST); n > 0; n--)
            change_a_byte(changed, length_bytes, &random);
        LLVMFuzzerTestOneInput((const uint8_t *)changed, length_bytes);
    }
    free(changed);
}

static unsigned replay_file(const char *path)
{
    struct err e;
    char *data;
    size_t length_bytes;
    if (files_read(path, (size_t)1 << 26, &data, &length_bytes, &e)) {
        fprintf(stderr, "%s\n", e.text);
        exit(1);
    }
    LLVMFuzzerTestOneInput((const uint8_t *)data, length_bytes);
    if (length_bytes > 0 && length_bytes <= CHANGED_BYTES_MOST)
        replay_changed(data, length_bytes);
    free(data);
    return 1;
}

static unsigned replay(const char *path)
{
    char file[PATH_MAX];
    unsigned n = 0;
    DIR *folder = opendir(path);
    if (!folder)
        return replay_file(path);
    for (struct dirent *entry; (entry = readdir(folder));)
        if (entry->d_name[0] != '.') {
            snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
            n += replay_file(file);
        }
    closedir(folder);
    return n;
}

int main(int argc, char *argv[])
{
    unsigned n = 0;
    for (int i = 1; i < argc; i++)
        n += replay(argv[i]);
    printf("%u inputs\n", n);
    return n > 0 ? 0 : 1; /* an empty corpus tests nothing */
}
