// Starts a program: fork, and in the child only what is safe between fork and exec. Swift cannot do that itself, and
// posix_spawn knows no limits. What to start and how is decided in Swift; no policy lives here.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// One limit of setrlimit. What is above the present hard limit is lowered to it.
typedef struct {
    int resource;
    uint64_t soft;
    uint64_t hard;
} cs_limit;

/// A program to be started. It gets a session of its own, no handled or blocked signals, and no descriptors but those
/// named.
typedef struct {
    const char *path;
    char *const *arguments;
    char *const *environment;
    /// Its working folder; NULL = ours.
    const char *folder;
    /// Become its descriptors 0, 1, 2 … At most 8.
    const int *descriptors;
    int descriptor_count;
    const cs_limit *limits;
    int limit_count;
    /// Whether a set-user-id program gains nothing (Linux).
    bool gains_no_privileges;
    /// Whether a person uses it in our terminal: it stays in our session and process group and outlives us.
    bool is_foreground;
    /// -1, or a descriptor for reports. Then a process stands between, which adopts what the program leaves behind
    /// (Linux) and ends with the last of them. It writes two int32: the program's id when it runs, and its wait status
    /// when it has ended.
    int report;
} cs_program;

/// What went wrong.
typedef struct {
    int number;
    /// Whether it was the working folder that could not be entered.
    bool is_folder;
} cs_failure;

/// Starts a program. The id of the new process, to be waited for; or -1, and why. On Linux it dies with the calling
/// thread.
pid_t cs_spawn(const cs_program *program, cs_failure *failure);
/// Waits for that process alone; its wait status.
int cs_wait(pid_t process);

/// A pipe that exec closes. 0, or -1.
int cs_pipe(int ends[2]);
/// Makes reads and writes return at once.
void cs_unblock(int descriptor);
/// Lets a pipe hold a mebibyte, where the system can.
void cs_widen(int descriptor);
/// Blocks all signals for the calling thread, so that no handler of the program runs on it and a broken pipe is an
/// error only.
void cs_block_signals(void);

/// Denies other processes a look into this one (Linux), and its memory to a core file. False when that failed.
bool cs_harden(void);

/// RLIMIT_… by name; Swift sees different types on different systems. -1 = not here.
int cs_limit_cpu(void);
int cs_limit_memory(void);
int cs_limit_file_size(void);
int cs_limit_descriptors(void);
int cs_limit_core(void);
int cs_limit_processes(void);
