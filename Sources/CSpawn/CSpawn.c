#ifdef __linux__
#define _GNU_SOURCE 1
#endif
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

enum { most_descriptors = 8, first_spare = 32 };

// Between fork and exec only async-signal-safe calls are allowed: another thread may have held any lock.

static void close_from(int first) {
#if defined(__linux__) && defined(SYS_close_range)
    if (syscall(SYS_close_range, (unsigned)first, ~0U, 0U) == 0) return;
#endif
    long count = sysconf(_SC_OPEN_MAX);
    if (count < 0 || count > 65536) count = 65536;
    for (int descriptor = first; descriptor < (int)count; descriptor++) close(descriptor);
}

static void reset_signals(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// The sources may lie where others are to go: first all out of the way, then each to its place.
static bool place_descriptors(const int *wanted, int count) {
    int copies[most_descriptors + 1];
    for (int i = 0; i < count; i++) {
        copies[i] = fcntl(wanted[i], F_DUPFD, first_spare);
        if (copies[i] < 0) return false;
    }
    for (int i = 0; i < count; i++)
        if (dup2(copies[i], i) < 0) return false;
    close_from(count);
    return true;
}

static void die_with(pid_t parent) {
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
#else
    (void)parent;
#endif
}

static void set_limits(const cs_program *program) {
    for (int i = 0; i < program->limit_count; i++) {
        const cs_limit *wanted = &program->limits[i];
        struct rlimit limit;
        if (wanted->resource < 0 || getrlimit(wanted->resource, &limit) != 0) continue;
        if (wanted->hard < limit.rlim_max) limit.rlim_max = (rlim_t)wanted->hard;
        limit.rlim_cur = wanted->soft < limit.rlim_max ? (rlim_t)wanted->soft : limit.rlim_max;
        setrlimit(wanted->resource, &limit);
    }
}

static void fail(int descriptor, bool is_folder) {
    cs_failure failure = {.number = errno, .is_folder = is_folder};
    ssize_t ignored = write(descriptor, &failure, sizeof failure);
    (void)ignored;
    _exit(127);
}

// The child: never returns. The descriptor for failures closes itself in exec.
static void become(const cs_program *program, int failures, pid_t parent) {
    reset_signals();
    if (!program->is_foreground) {
        die_with(parent);
        setsid();
    }
    int wanted[most_descriptors + 1];
    int count = program->descriptor_count;
    memcpy(wanted, program->descriptors, (size_t)count * sizeof *wanted);
    wanted[count] = failures;
    if (!place_descriptors(wanted, count + 1)) fail(failures, false);
    failures = count;
    fcntl(failures, F_SETFD, FD_CLOEXEC);
    if (program->folder != NULL && chdir(program->folder) != 0) fail(failures, true);
#ifdef __linux__
    // A session keyring of its own (KEYCTL_JOIN_SESSION_KEYRING): ours may hold the user's keys.
    if (!program->is_foreground) syscall(SYS_keyctl, 1, NULL);
    if (program->gains_no_privileges) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#endif
    set_limits(program);
    execve(program->path, program->arguments, program->environment);
    // A program that was just written may still be open in a child that another thread is about to start: a moment later it is not.
    const struct timespec moment = {.tv_nsec = 5 * 1000 * 1000};
    for (int tries = 0; errno == ETXTBSY && tries < 40; tries++) {
        nanosleep(&moment, NULL);
        execve(program->path, program->arguments, program->environment);
    }
    fail(failures, false);
}

// The process between: starts the program and reaps what comes, until nothing is left.
static void keep(const cs_program *program, int failures, pid_t parent) {
    reset_signals();
    die_with(parent);
    setsid();
#ifdef __linux__
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
    pid_t own = getpid();
    pid_t child = fork();
    if (child < 0) fail(failures, false);
    if (child == 0) become(program, failures, own);
    int report = 0;
    const int kept[] = {program->report};
    if (!place_descriptors(kept, 1)) _exit(127);
    int32_t words[2] = {(int32_t)child, 0};
    ssize_t ignored = write(report, &words[0], sizeof words[0]);
    for (;;) {
        int status = 0;
        pid_t ended = waitpid(-1, &status, 0);
        words[1] = status;
        if (ended == child) ignored = write(report, &words[1], sizeof words[1]);
        if (ended < 0 && errno == ECHILD) break;
    }
    (void)ignored;
    _exit(0);
}

pid_t cs_spawn(const cs_program *program, cs_failure *failure) {
    memset(failure, 0, sizeof *failure);
    int ends[2];
    if (program->descriptor_count > most_descriptors) errno = EINVAL;
    if (program->descriptor_count > most_descriptors || cs_pipe(ends) != 0) {
        failure->number = errno;
        return -1;
    }
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t own = getpid();
    pid_t child = fork();
    if (child == 0) {
        if (program->report >= 0) keep(program, ends[1], own);
        become(program, ends[1], own);
    }
    if (child < 0) failure->number = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    ssize_t count = 0;
    // Ends with exec, which closes the other end.
    while (child > 0 && (count = read(ends[0], failure, sizeof *failure)) < 0 && errno == EINTR) {}
    close(ends[0]);
    if (child > 0 && count == (ssize_t)sizeof *failure) {
        cs_wait(child);
        return -1;
    }
    return child;
}

int cs_wait(pid_t process) {
    int status = 0;
    while (waitpid(process, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return status;
}

int cs_pipe(int ends[2]) {
#ifdef __linux__
    return pipe2(ends, O_CLOEXEC);
#else
    if (pipe(ends) != 0) return -1;
    for (int i = 0; i < 2; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    return 0;
#endif
}

void cs_unblock(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags >= 0) fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

void cs_widen(int descriptor) {
#ifdef F_SETPIPE_SZ
    fcntl(descriptor, F_SETPIPE_SZ, 1 << 20);
#else
    (void)descriptor;
#endif
}

void cs_block_signals(void) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
}

bool cs_harden(void) {
    const struct rlimit none = {0, 0};
    bool done = setrlimit(RLIMIT_CORE, &none) == 0;
#ifdef __linux__
    done = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && done;
#endif
    return done;
}

int cs_limit_cpu(void) { return RLIMIT_CPU; }
int cs_limit_memory(void) { return RLIMIT_AS; }
int cs_limit_file_size(void) { return RLIMIT_FSIZE; }
int cs_limit_descriptors(void) { return RLIMIT_NOFILE; }
int cs_limit_core(void) { return RLIMIT_CORE; }
int cs_limit_processes(void) { return RLIMIT_NPROC; }
