#define _XOPEN_SOURCE 700
#include "CNcurses.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

int tt_check_term(const char *name, int output) {
    int status = 0;
    if (setupterm(name, output, &status) != OK) return status == 0 ? 1 : 3;
    char *move = tigetstr("cup");
    int usable = move != NULL && move != (char *)-1;
    del_curterm(cur_term);
    return usable ? 0 : 2;
}

int tt_term_colors(const char *name, int output) {
    int status = 0;
    if (setupterm(name, output, &status) != OK) return 0;
    int colors = tigetnum("colors");
    del_curterm(cur_term);
    return colors > 0 ? colors : 0;
}

bool tt_open_entry(const char *name, int output) {
    int status = 0;
    return setupterm(name, output, &status) == OK;
}

void tt_close_entry(void) { del_curterm(cur_term); }

int tt_capability_count(int kind) { return kind == 0 ? BOOLCOUNT : kind == 1 ? NUMCOUNT : STRCOUNT; }

const char *tt_capability_name(int kind, int index) {
    return kind == 0 ? boolnames[index] : kind == 1 ? numnames[index] : strnames[index];
}

int tt_flag(const char *name) { return tigetflag(name) > 0; }

int tt_number(const char *name) { return tigetnum(name); }

bool tt_start(const char *name, int input, int output) {
    int in = dup(input), out = dup(output);
    FILE *from = in >= 0 ? fdopen(in, "r") : NULL;
    FILE *to = out >= 0 ? fdopen(out, "w") : NULL;
    if (from == NULL || to == NULL || newterm(name, to, from) == NULL) return false;
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    leaveok(stdscr, FALSE);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    return true;
}

int tt_colors(void) { return has_colors() ? COLORS : 0; }

void tt_resize(int height, int width) {
    resize_term(height, width);
    clearok(curscr, TRUE);
}

static int put(cchar_t *to, const wchar_t *text, const tt_cell *cell) {
    int pair = cell->pair;
    return setcchar(to, text, (attr_t)cell->attributes, 0, &pair) == OK;
}

// curses and the terminal must agree on widths or the rest of the row shifts: a cluster that the C library measures
// otherwise than we do is drawn as a box of the right width.
static int put_cell(cchar_t *to, const tt_cell *cell) {
    wchar_t text[6] = {0};
    for (int i = 0; i < cell->count && i < 5; i++) text[i] = (wchar_t)cell->scalars[i];
    if (cell->count == 0) text[0] = L' ';
    wchar_t blank[2] = {L' ', 0};
    if (text[0] < 0x7f) {
        if (!put(to, text, cell)) return 0;
        return cell->width == 2 && put(to + 1, blank, cell) ? 2 : 1;
    }
    int first = wcwidth(text[0]);
    if (cell->count == 2 && cell->width == 2 && first == 1 && wcwidth(text[1]) == 1) {
        wchar_t left[2] = {text[0], 0}, right[2] = {text[1], 0};
        return put(to, left, cell) && put(to + 1, right, cell) ? 2 : 0;
    }
    if (first == cell->width && put(to, text, cell)) return 1;
    wchar_t box[2] = {L'\u25af', 0};
    if (wcwidth(box[0]) != 1) box[0] = L'?';
    if (!put(to, box, cell)) return 0;
    return cell->width == 2 && put(to + 1, blank, cell) ? 2 : 1;
}

void tt_put_row(int row, const tt_cell *cells, int count) {
    static cchar_t *buffer = NULL;
    static int capacity = 0;
    if (count + 2 > capacity) {
        cchar_t *larger = realloc(buffer, sizeof(cchar_t) * (size_t)(count + 2));
        if (larger == NULL) return;
        buffer = larger;
        capacity = count + 2;
    }
    int used = 0;
    for (int i = 0; i < count && used < count; i++) {
        if (cells[i].width == 0) continue;
        used += put_cell(buffer + used, &cells[i]);
    }
    if (used > 0) mvadd_wchnstr(row, 0, buffer, used);
}

void tt_flush(int row, int column) {
    static int shown = -1;
    int wanted = row >= 0;
    if (wanted != shown) {
        curs_set(wanted);
        shown = wanted;
    }
    if (wanted) move(row, column);
    wnoutrefresh(stdscr);
    doupdate();
}

void tt_touch(void) { clearok(curscr, TRUE); }

const char *tt_capability(const char *name) {
    char *text = tigetstr(name);
    return text == NULL || text == (char *)-1 ? "" : text;
}

void tt_leave(void) {
    def_prog_mode();
    endwin();
}

void tt_resume(void) {
    reset_prog_mode();
    clearok(curscr, TRUE);
}
