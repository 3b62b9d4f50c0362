#define _GNU_SOURCE
#include "CTestSupport.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#ifdef __linux__
#include <pty.h>
#include <sys/syscall.h>
#include <utmp.h>
#else
#include <util.h>
#endif

// Both ends close themselves in programs that other tests start meanwhile: one that kept an end would keep the terminal from
// ending with its program.
static int open_pair(struct winsize *size, int *slave) {
#ifdef __linux__
    char name[64];
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) return -1;
    *slave = -1;
    if (grantpt(master) == 0 && unlockpt(master) == 0 && ptsname_r(master, name, sizeof name) == 0)
        *slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*slave < 0) {
        close(master);
        return -1;
    }
    ioctl(*slave, TIOCSWINSZ, size);
    return master;
#else
    int master = -1;
    if (openpty(&master, slave, NULL, NULL, size) != 0) return -1;
    fcntl(master, F_SETFD, FD_CLOEXEC);
    fcntl(*slave, F_SETFD, FD_CLOEXEC);
    return master;
#endif
}

static void default_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
}

static void close_others(void) {
#ifdef SYS_close_range
    if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0) return;
#endif
    for (int descriptor = 3; descriptor < 65536; descriptor++) close(descriptor);
}

// A program that was just written is still open in a child of another test for a moment; nothing tells when that has ended.
static void execute(const char *path, char *const arguments[], char *const environment[]) {
    for (int tries = 0; tries < 100; tries++) {
        execve(path, arguments, environment);
        if (errno != ETXTBSY) return;
        poll(NULL, 0, 2);
    }
}

int ts_spawn(const char *path, char *const arguments[], char *const environment[], int rows, int columns, pid_t *child) {
    struct winsize size;
    memset(&size, 0, sizeof size);
    size.ws_row = (unsigned short)rows;
    size.ws_col = (unsigned short)columns;
    int slave = -1;
    int master = open_pair(&size, &slave);
    if (master < 0) return -1;
    pid_t pid = fork();
    if (pid == 0) {
        default_signals();
        if (login_tty(slave) != 0) _exit(127);
        close_others();
        execute(path, arguments, environment);
        _exit(127);
    }
    close(slave);
    if (pid < 0) {
        close(master);
        return -1;
    }
    *child = pid;
    return master;
}

// A descriptor of ours that a dup2 to 0, 1 or 2 would overwrite before its turn.
static int moved(int descriptor) {
    return descriptor < 3 ? fcntl(descriptor, F_DUPFD, 3) : descriptor;
}

pid_t ts_start(
    const char *path, char *const arguments[], char *const environment[], const char *folder, const int descriptors[3]) {
    pid_t pid = fork();
    if (pid != 0) return pid;
    int from[3];
    default_signals();
    for (int place = 0; place < 3; place++) from[place] = moved(descriptors[place]);
    for (int place = 0; place < 3; place++)
        if (dup2(from[place], place) < 0) _exit(127);
    close_others();
    if (folder != NULL && chdir(folder) != 0) _exit(127);
    execute(path, arguments, environment);
    _exit(127);
}

void ts_resize(int master, int rows, int columns) {
    struct winsize size;
    memset(&size, 0, sizeof size);
    size.ws_row = (unsigned short)rows;
    size.ws_col = (unsigned short)columns;
    ioctl(master, TIOCSWINSZ, &size);
}

int ts_wait(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return 127;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

void ts_wait_end(pid_t child) {
    siginfo_t info;
    while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) < 0)
        if (errno != EINTR) return;
}

bool ts_is_sane(int master) {
    struct termios settings;
    if (tcgetattr(master, &settings) != 0) return false;
    return (settings.c_lflag & (tcflag_t)(ECHO | ICANON | ISIG)) == (tcflag_t)(ECHO | ICANON | ISIG);
}
