// ncursesw for Swift: its globals and macros as functions, one call per screen row, and the handlers that give the
// terminal back however the process ends. No logic of the program lives here.
#pragma once
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
#include <curses.h>
#include <stddef.h>
#include <stdint.h>

/// One cell for `tt_put_row`. `width` 0 marks the right half of a wide cell, which is skipped.
typedef struct {
    uint32_t scalars[5];
    uint32_t attributes;
    int32_t pair;
    uint8_t count;
    uint8_t width;
} tt_cell;

/// Attribute bits by name.
static inline uint32_t tt_bold(void) { return (uint32_t)A_BOLD; }
static inline uint32_t tt_dim(void) { return (uint32_t)A_DIM; }
static inline uint32_t tt_italic(void) { return (uint32_t)A_ITALIC; }
static inline uint32_t tt_underline(void) { return (uint32_t)A_UNDERLINE; }
static inline uint32_t tt_reverse(void) { return (uint32_t)A_REVERSE; }

/// Looks TERM up without starting curses. 0 = usable, 1 = unknown, 2 = no cursor addressing, 3 = no database.
int tt_check_term(const char *name, int output);

/// The number of colours that the terminal's entry tells, 0 when it is not known. Before tt_start only.
int tt_term_colors(const char *name, int output);

/// Looks TERM up, so that the functions below tell of it. False when it is unknown. Before tt_start only.
bool tt_open_entry(const char *name, int output);
void tt_close_entry(void);
/// The standard capabilities of an entry: kind 0 = flags, 1 = numbers, 2 = strings. How many there are, and their names.
int tt_capability_count(int kind);
const char *tt_capability_name(int kind, int index);
/// 1 when the flag is set.
int tt_flag(const char *name);
/// The number; negative when there is none.
int tt_number(const char *name);

/// Starts curses on two descriptors in raw mode. False when it cannot.
bool tt_start(const char *name, int input, int output);
/// Number of colours; 0 = none.
int tt_colors(void);
/// Follows a new window size.
void tt_resize(int height, int width);
/// Writes one row of cells, from column 0.
void tt_put_row(int row, const tt_cell *cells, int count);
/// Places or hides (row < 0) the cursor and sends what changed.
void tt_flush(int row, int column);
/// Makes the next flush send everything.
void tt_touch(void);
/// A terminfo string, empty when there is none.
const char *tt_capability(const char *name);
/// Leaves curses' mode; `tt_resume` comes back.
void tt_leave(void);
void tt_resume(void);

/// Remembers the present settings of `descriptor`, so that a signal handler can bring them back.
void tt_arm(int descriptor);
/// What undoes our modes, written before the settings are brought back. Copies at most 512 bytes.
void tt_set_undo(const char *bytes, size_t count);
/// Switches modes on, unless they were undone for good already. Before this, `tt_set_undo` has to know how to undo them.
void tt_switch(const char *bytes, size_t count);
/// Undoes our modes now. Safe in a signal handler; does nothing when not armed.
void tt_restore(void);

/// While somebody else has the terminal there is nothing to undo; afterwards there is again.
void tt_disarm(void);
void tt_rearm(void);

/// The read end of a pipe that gets the number of each noted signal as a byte.
int tt_signal_pipe(void);
/// Notes WINCH, INT, TERM, HUP, QUIT, TSTP and CONT in the pipe from now on.
void tt_note_signals(void);
/// Gives those signals their default action again.
void tt_forget_signals(void);
/// Leaves INT, QUIT and TSTP to a program in the foreground; `tt_note_signals` takes them back.
void tt_yield_signals(void);
/// Stops the whole process group as Ctrl-Z would; returns when it is continued.
void tt_stop_group(void);
/// Crash signals restore the terminal and end the process by themselves; replaces the runtime's interactive handler.
void tt_handle_crashes(void);
/// Gives the calling thread a stack for signal handlers, so that even a stack overflow restores the terminal.
void tt_use_alternate_stack(void);
