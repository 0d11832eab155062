/* How the machine's kernel is set: its defences against the processor's flaws, the parameters it was booted
 * with as far as they cost or save time, and its limits for sockets. */
#ifndef RECORD_HOST_KERNEL_H
#define RECORD_HOST_KERNEL_H

#include <stddef.h>

enum { HOST_KERNEL_NAME_BYTES = 48, HOST_KERNEL_VALUE_BYTES = 256, HOST_KERNEL_ROWS = 32 };

struct host_kernel_row {
    char name[HOST_KERNEL_NAME_BYTES];
    char value[HOST_KERNEL_VALUE_BYTES];
};

struct host_kernel_rows {
    struct host_kernel_row rows[HOST_KERNEL_ROWS];
    size_t n;
};

/* /sys/devices/system/cpu/vulnerabilities, in order of name; `root` as in host_file.h. */
void host_kernel_vulnerabilities(const char *root, struct host_kernel_rows *out);
/* Parameters of the kernel's command line that are on a fixed list: others may hold secrets. */
void host_kernel_parameters(const char *root, struct host_kernel_rows *out);
/* Settings below /proc/sys that shape connections. Those that the kernel lacks are left out. */
void host_kernel_sysctls(const char *root, struct host_kernel_rows *out);

#endif
