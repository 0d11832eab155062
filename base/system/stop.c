#include "stop.h"

#include "clock.h"
#include "exit_code.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Two signals closer than this count as one: timeout(1) signals the process and then its group. */
#define SAME_SIGNAL_NS UINT64_C(50000000)
#define NAP_NS         UINT64_C(50000000)

/* Lock-free, so that a handler may write them (C11 7.14.1.1). */
static atomic_int flag;
static _Atomic uint64_t first_ns;
static _Atomic(const char *) last_words;
static atomic_int child;

static _Noreturn void end_at_once(void)
{
    const char *line = last_words;
    const ssize_t n = line ? write(STDERR_FILENO, line, strlen(line)) : 0;
    (void)n; /* there is nowhere else to report it */
    _exit(EXIT_CODE_INTERRUPTED);
}

static void on_signal(int number)
{
    const int kept = errno;
    const uint64_t now_ns = clock_monotonic_ns();
    int none = 0;
    uint64_t unset = 0;
    atomic_compare_exchange_strong(&first_ns, &unset, now_ns);
    const bool is_first = atomic_compare_exchange_strong(&flag, &none, number);
    if (child > 0)
        kill(child, SIGTERM);
    if (!is_first && number == SIGINT && now_ns > first_ns + SAME_SIGNAL_NS)
        end_at_once();
    errno = kept;
}

bool stop_is_ignored(int number)
{
    struct sigaction old;
    return sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_IGN;
}

void stop_catch(void)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1 };
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!stop_is_ignored(numbers[i]))
            sigaction(numbers[i], &action, NULL);
    action = (struct sigaction){ .sa_handler = SIG_IGN };
    sigaction(SIGPIPE, &action, NULL);
}

const atomic_int *stop_flag(void)
{
    return &flag;
}

bool stop_is_asked(void)
{
    return flag != 0;
}

/* In short naps: a signal that comes between the check and the sleep, or to another thread, interrupts no
 * sleep. */
void stop_rest(uint64_t ns)
{
    const uint64_t until_ns = clock_monotonic_ns() + ns;
    for (uint64_t now_ns; !stop_is_asked() && (now_ns = clock_monotonic_ns()) < until_ns;) {
        const uint64_t nap_ns = until_ns - now_ns < NAP_NS ? until_ns - now_ns : NAP_NS;
        nanosleep(&(struct timespec){ .tv_nsec = (long)nap_ns }, NULL);
    }
}

void stop_last_words(const char *line)
{
    last_words = line;
}

void stop_child(pid_t pid)
{
    child = pid;
    if (pid > 0 && stop_is_asked())
        kill(pid, SIGTERM);
}
