#include "CNcurses.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

// State that a signal handler reads: written once before the handlers can see it.
static volatile sig_atomic_t armed = 0;
static int armed_descriptor = -1;
static struct termios armed_settings;
// Two, so that a handler never sees one half written; `armed_undo` says which holds.
static struct {
    char bytes[512];
    size_t count;
} undos[2];
static volatile sig_atomic_t armed_undo = 0;
// Modes must not be switched on behind the back of a handler that undoes them on another thread.
static volatile sig_atomic_t is_switching = 0;
static volatile sig_atomic_t is_undone = 0;
static int pipe_ends[2] = {-1, -1};

void tt_arm(int descriptor) {
    armed = 0;
    undos[armed_undo].count = 0;
    armed_descriptor = descriptor;
    if (tcgetattr(descriptor, &armed_settings) == 0) armed = 1;
}

void tt_set_undo(const char *bytes, size_t count) {
    int other = !armed_undo;
    if (count > sizeof undos[other].bytes) count = sizeof undos[other].bytes;
    memcpy(undos[other].bytes, bytes, count);
    undos[other].count = count;
    armed_undo = other;
}

static void write_all(const char *bytes, size_t count) {
    size_t sent = 0;
    while (sent < count) {
        // A terminal that takes nothing must not keep the process from ending.
        struct pollfd ready = {.fd = armed_descriptor, .events = POLLOUT};
        if (poll(&ready, 1, 200) == 0) break;
        ssize_t written = write(armed_descriptor, bytes + sent, count - sent);
        if (written > 0) sent += (size_t)written;
        else if (written < 0 && errno != EINTR) break;
    }
}

void tt_switch(const char *bytes, size_t count) {
    is_switching = 1;
    if (!is_undone) write_all(bytes, count);
    is_switching = 0;
}

void tt_restore(void) {
    if (!armed) return;
    armed = 0;
    is_undone = 1;
    for (int i = 0; i < 20 && is_switching; i++) poll(NULL, 0, 5);
    write_all(undos[armed_undo].bytes, undos[armed_undo].count);
    tcsetattr(armed_descriptor, TCSANOW, &armed_settings);
}

void tt_disarm(void) { armed = 0; }

void tt_rearm(void) { armed = 1; }

int tt_signal_pipe(void) {
    if (pipe_ends[0] < 0 && pipe(pipe_ends) == 0) {
        for (int i = 0; i < 2; i++) {
            fcntl(pipe_ends[i], F_SETFL, O_NONBLOCK);
            fcntl(pipe_ends[i], F_SETFD, FD_CLOEXEC);
        }
    }
    return pipe_ends[0];
}

static volatile sig_atomic_t ending = 0;
static volatile sig_atomic_t continued = 0;

// The screen's thread has not ended the program: most likely it waits for a terminal that takes nothing.
static void give_up(int number) {
    (void)number;
    tt_restore();
    signal(ending, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, ending);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(ending);
}

static int asks_for_end(int number) {
    return number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGQUIT;
}

static void note(int number) {
    int saved = errno;
    if (number == SIGCONT) continued = 1;
    if (asks_for_end(number) && !ending) {
        ending = number;
        alarm(1);
    }
    unsigned char byte = (unsigned char)number;
    ssize_t ignored = write(pipe_ends[1], &byte, 1);
    (void)ignored;
    errno = saved;
}

static const int noted[] = {SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT};

void tt_note_signals(void) {
    tt_signal_pipe();
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note;
    action.sa_flags = SA_RESTART;
    sigset_t wanted;
    sigemptyset(&wanted);
    for (size_t i = 0; i < sizeof noted / sizeof *noted; i++) {
        sigaction(noted[i], &action, NULL);
        sigaddset(&wanted, noted[i]);
    }
    // The program blocks some of them before it starts threads; this thread takes them.
    pthread_sigmask(SIG_UNBLOCK, &wanted, NULL);
    action.sa_handler = give_up;
    sigaction(SIGALRM, &action, NULL);
}

void tt_forget_signals(void) {
    alarm(0);
    for (size_t i = 0; i < sizeof noted / sizeof *noted; i++) signal(noted[i], SIG_DFL);
}

void tt_yield_signals(void) {
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    signal(SIGTSTP, SIG_DFL);
}

void tt_stop_group(void) {
    continued = 0;
    signal(SIGTSTP, SIG_DFL);
    kill(0, SIGTSTP);
    // Another thread may take the signal, so that this one runs on for a moment; a group without a shell is not stopped.
    for (int i = 0; i < 30 && !continued; i++) poll(NULL, 0, 10);
}

static void crash(int number) {
    tt_restore();
    signal(number, SIG_DFL);
    raise(number);
}

void tt_handle_crashes(void) {
    static const int crashes[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = crash;
    action.sa_flags = SA_ONSTACK;
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) sigaction(crashes[i], &action, NULL);
    tt_use_alternate_stack();
}

void tt_use_alternate_stack(void) {
    stack_t stack;
    memset(&stack, 0, sizeof stack);
    stack.ss_size = 64 * 1024;
    stack.ss_sp = malloc(stack.ss_size);
    if (stack.ss_sp != NULL) sigaltstack(&stack, NULL);
}
