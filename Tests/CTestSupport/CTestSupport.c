#define _GNU_SOURCE
#include "CTestSupport.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#ifdef __linux__
#include <pty.h>
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
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
        if (login_tty(slave) != 0) _exit(127);
        for (int descriptor = 3; descriptor < 256; descriptor++) close(descriptor);
        execve(path, arguments, environment);
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
