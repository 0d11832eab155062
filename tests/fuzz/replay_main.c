/* Gives a fuzz target every file of the folders and every file named on the command line, once. */
#include "err.h"
#include "files.h"
#include "fuzz.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>

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
