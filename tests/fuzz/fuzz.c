#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int fuzz_file(const uint8_t *data, size_t length_bytes, char path[FUZZ_PATH_BYTES])
{
    const int fd = memfd_create("fuzz", MFD_CLOEXEC);
    FUZZ_HOLDS(fd >= 0);
    FUZZ_HOLDS(write(fd, data, length_bytes) == (ssize_t)length_bytes);
    snprintf(path, FUZZ_PATH_BYTES, "/proc/self/fd/%d", fd);
    return fd;
}

static char folder[] = "/dev/shm/loadgen-fuzz-XXXXXX";
static int folder_fd = -1;

static void empty_folder(void)
{
    DIR *d = opendir(folder);
    for (struct dirent *entry; d && (entry = readdir(d));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(folder_fd, entry->d_name, 0);
    if (d)
        closedir(d);
}

static void remove_folder(void)
{
    empty_folder();
    rmdir(folder);
}

static void open_folder(void)
{
    FUZZ_HOLDS(mkdtemp(folder) != NULL);
    folder_fd = open(folder, O_DIRECTORY | O_CLOEXEC);
    FUZZ_HOLDS(folder_fd >= 0);
    atexit(remove_folder);
}

static const char *find_name(const uint8_t *line, size_t length, const char *const *names)
{
    for (; *names; names++)
        if (strlen(*names) == length && memcmp(line, *names, length) == 0)
            return *names;
    return NULL;
}

static void put(const char *name, const uint8_t *data, size_t length_bytes)
{
    const int fd = openat(folder_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FUZZ_HOLDS(fd >= 0 && write(fd, data, length_bytes) == (ssize_t)length_bytes);
    close(fd);
}

const char *fuzz_folder(const uint8_t *data, size_t length_bytes, const char *const *names)
{
    static const char mark[] = "=== ";
    const uint8_t *at = data;
    const uint8_t *const end = data + length_bytes;
    const uint8_t *begin = NULL; /* of the open file */
    const char *name = NULL;
    if (folder_fd < 0)
        open_folder();
    empty_folder();
    while (at < end) {
        const uint8_t *stop = memchr(at, '\n', (size_t)(end - at));
        const uint8_t *next = stop ? stop + 1 : end;
        const size_t line = (size_t)((stop ? stop : end) - at);
        const char *found = line > 4 && memcmp(at, mark, 4) == 0 ? find_name(at + 4, line - 4, names) : NULL;
        if (found && name)
            put(name, begin, (size_t)(at - begin));
        if (found) {
            name = found;
            begin = next;
        }
        at = next;
    }
    if (name)
        put(name, begin, (size_t)(end - begin));
    return folder;
}

void fuzz_sentence(const char *text)
{
    FUZZ_HOLDS(*text != '\0');
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        FUZZ_HOLDS(*p >= ' ' || *p == '\n' || *p == '\t');
        FUZZ_HOLDS(*p != 127);
        FUZZ_HOLDS(!(p[0] == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0)); /* C1 */
    }
}
