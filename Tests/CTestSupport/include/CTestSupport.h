// What tests need of C: a program in a pseudo-terminal of its own.
#pragma once
#include <stdbool.h>
#include <sys/types.h>

/// Starts a program in a new pseudo-terminal and session. Returns the master descriptor, or -1; the child's id in `child`.
int ts_spawn(const char *path, char *const arguments[], char *const environment[], int rows, int columns, pid_t *child);
/// Starts a program with three descriptors as its 0, 1 and 2, and no others. `folder` is its working folder; NULL = ours. The
/// child's id, or -1. It ends with 127 when the program cannot be run.
pid_t ts_start(
    const char *path, char *const arguments[], char *const environment[], const char *folder, const int descriptors[3]);
/// Gives the pseudo-terminal another size, which signals the program.
void ts_resize(int master, int rows, int columns);
/// Waits for the child. Its exit code, or minus the signal that ended it.
int ts_wait(pid_t child);
/// Waits until the child has ended, and leaves it to be waited for by `ts_wait`.
void ts_wait_end(pid_t child);
/// Whether the terminal echoes and collects lines, as a shell needs it.
bool ts_is_sane(int master);
