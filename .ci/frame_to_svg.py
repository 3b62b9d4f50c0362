"""Turns a tmux pane (`capture-pane -e -N -p`) into an SVG. Usage: frame_to_svg.py TITLE < FRAME > SVG

The first line of the frame is: columns rows cursor-x cursor-y cursor-flag. Every run of text has the place and the
width of its cells, and lines of box drawing are drawn as lines, so that the picture is right with any monospace font.
"""

import re
import sys
import unicodedata
from dataclasses import dataclass, replace
from html import escape

CELL_WIDTH, CELL_HEIGHT, FONT_SIZE, PADDING = 8.4, 18, 14, 12
FOREGROUND, BACKGROUND = "#d5d9e0", "#15181e"
PALETTE = [
    "#2a2f3a", "#e06c75", "#8cc570", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
    "#6b7280", "#ff8b92", "#a5e075", "#f0d197", "#82c4ff", "#de9bf0", "#7fdbe5", "#ffffff",
]  # fmt: skip
# Box drawing: which arms a cell has (up, right, down, left).
BOX = {
    "─": "rl", "│": "ud", "┌": "rd", "┐": "dl", "└": "ur", "┘": "ul", "├": "urd", "┤": "udl", "┬": "rdl",
    "┴": "url", "┼": "urdl", "╭": "rd", "╮": "dl", "╰": "ur", "╯": "ul", "━": "rl", "┃": "ud", "╴": "l", "╶": "r",
}  # fmt: skip
# Blocks: x, y, width, height as shares of a cell.
BLOCKS = {chr(0x2580 + n): (0, 1 - n / 8, 1, n / 8) for n in range(1, 9)}
BLOCKS |= {chr(0x2590 - n): (0, 0, n / 8, 1) for n in range(1, 8)} | {"▀": (0, 0, 1, 0.5), "▐": (0.5, 0, 0.5, 1)}
ALTERNATE = dict(zip("jklmnqtuvwxa~`fg", "┘┐┌└┼─├┤┴┬│▒·◆°±"))


@dataclass(frozen=True)
class Style:
    foreground: str | None = None
    background: str | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    strike: bool = False


def extended(numbers):
    """The colour after 38 or 48; takes its numbers off the list."""
    kind = numbers.pop(0) if numbers else 0
    if kind == 5 and numbers:
        return indexed(numbers.pop(0))
    if kind == 2 and len(numbers) >= 3:
        return "#%02x%02x%02x" % tuple(numbers.pop(0) & 255 for _ in range(3))
    return None


def indexed(n):
    if n < 16:
        return PALETTE[n]
    if n < 232:
        levels = [0, 95, 135, 175, 215, 255]
        n -= 16
        return "#%02x%02x%02x" % (levels[n // 36], levels[n // 6 % 6], levels[n % 6])
    return "#%02x%02x%02x" % ((8 + 10 * (n - 232),) * 3)


SWITCHES = {
    1: {"bold": True}, 2: {"dim": True}, 3: {"italic": True}, 4: {"underline": True}, 7: {"reverse": True},
    9: {"strike": True}, 22: {"bold": False, "dim": False}, 23: {"italic": False}, 24: {"underline": False},
    27: {"reverse": False}, 29: {"strike": False}, 39: {"foreground": None}, 49: {"background": None},
}  # fmt: skip


def restyled(style, parameters):
    """The style after a Select Graphic Rendition sequence."""
    # 38:2::r:g:b has an empty colour space.
    numbers = [int(p or 0) for p in re.sub(r"(\d8:2):\d*:(\d+:\d+:\d+)", r"\1:\2", parameters).replace(":", ";").split(";")]
    while numbers:
        n = numbers.pop(0)
        if n == 0:
            style = Style()
        elif n in SWITCHES:
            style = replace(style, **SWITCHES[n])
        elif n in (38, 48):
            style = replace(style, **{"foreground" if n == 38 else "background": extended(numbers)})
        elif 30 <= n <= 37 or 90 <= n <= 97:
            style = replace(style, foreground=PALETTE[n - 30 if n < 90 else n - 82])
        elif 40 <= n <= 47 or 100 <= n <= 107:
            style = replace(style, background=PALETTE[n - 40 if n < 100 else n - 92])
    return style


def width(character):
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cells(lines, columns):
    """Yields (row, column, text, width, style) for every cell."""
    style, alternate = Style(), False
    for row, line in enumerate(lines):
        column, last = 0, None
        for piece in re.findall(r"\x1b\[([0-9;:]*)m|(\x1b\]8;[^\x1b]*\x1b\\|\x1b[^m]|\x0e|\x0f)|(.)", line):
            sgr, control, character = piece
            if control in ("\x0e", "\x0f"):
                alternate = control == "\x0e"
            elif character:
                character = ALTERNATE.get(character, character) if alternate else character
                w = width(character)
                if w == 0 and last:
                    last[2] += character
                    continue
                if last:
                    yield tuple(last)
                last = [row, column, character, w, style]
                column += w
            elif not control:
                style = restyled(style, sgr)
        if last:
            yield tuple(last)


def blend(color, other, share):
    a, b = (tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (color, other))
    return "#%02x%02x%02x" % tuple(round(x * (1 - share) + y * share) for x, y in zip(a, b))


def colors(style):
    """Foreground and background as drawn; the background is None where the window's shows."""
    foreground, background = style.foreground or FOREGROUND, style.background
    if style.reverse:
        foreground, background = background or BACKGROUND, foreground
    if style.dim:
        foreground = blend(foreground, background or BACKGROUND, 0.45)
    return foreground, background


def number(value):
    return f"{value:.1f}".rstrip("0").rstrip(".")


class Picture:
    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.backgrounds, self.shapes, self.texts = [], [], []
        self.lines = {}  # colour -> path

    def x(self, column):
        return PADDING + column * CELL_WIDTH

    def y(self, row):
        return PADDING + row * CELL_HEIGHT

    def rect(self, column, row, w, h, color, more=""):
        return (f'<rect x="{number(self.x(column))}" y="{number(self.y(row))}" width="{number(w * CELL_WIDTH)}" '
                f'height="{number(h * CELL_HEIGHT)}" fill="{color}"{more}/>')

    def box(self, column, row, arms, color):
        x, y = self.x(column), self.y(row)
        cx, cy = x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2
        ends = {"u": (cx, y), "r": (x + CELL_WIDTH, cy), "d": (cx, y + CELL_HEIGHT), "l": (x, cy)}
        path = self.lines.setdefault(color, [])
        if arms in ("rl", "ud"):
            (x1, y1), (x2, y2) = ends[arms[0]], ends[arms[1]]
            path.append(f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}")
        else:
            path.extend(f"M{number(cx)} {number(cy)}L{number(ends[a][0])} {number(ends[a][1])}" for a in arms)

    def text(self, column, row, text, w, style):
        attributes = [f'x="{number(self.x(column))}"', f'y="{number(self.y(row) + CELL_HEIGHT * 0.74)}"',
                      f'textLength="{number(w * CELL_WIDTH)}"']
        color = colors(style)[0]
        if color != FOREGROUND:
            attributes.append(f'fill="{color}"')
        if style.bold:
            attributes.append('font-weight="bold"')
        if style.italic:
            attributes.append('font-style="italic"')
        decorations = [name for name, on in (("underline", style.underline), ("line-through", style.strike)) if on]
        if decorations:
            attributes.append(f'text-decoration="{" ".join(decorations)}"')
        self.texts.append(f'<text {" ".join(attributes)}>{escape(text)}</text>')

    def draw(self, all_cells):
        """Groups cells of one style: backgrounds, then runs of ASCII text; everything else stands alone."""
        run = None  # row, column, text, width, style
        ground = None  # row, column, width, colour
        for row, column, text, w, style in all_cells:
            foreground, background = colors(style)
            if ground and (ground[0], ground[1] + ground[2], ground[3]) == (row, column, background):
                ground[2] += w
            else:
                self.close_ground(ground)
                ground = [row, column, w, background]
            plain = w == 1 and text.isascii()
            if run and plain and (run[0], run[1] + run[3], run[4]) == (row, column, style):
                run[2], run[3] = run[2] + text, run[3] + w
                continue
            self.close_run(run)
            run = [row, column, text, w, style] if plain else None
            if plain:
                continue
            if text in BOX:
                self.box(column, row, BOX[text], foreground)
            elif text in BLOCKS:
                bx, by, bw, bh = BLOCKS[text]
                self.shapes.append(self.rect(column + bx, row + by, bw, bh, foreground))
            else:
                self.text(column, row, text, w, style)
        self.close_run(run)
        self.close_ground(ground)

    def close_run(self, run):
        """Writes a run without the blanks at its ends, and in pieces where blanks are wide."""
        if not run:
            return
        row, column, text, _, style = run
        visible = style.underline or style.strike
        for match in re.finditer(r".+" if visible else r"\S+(?: \S+)*", text):
            self.text(column + match.start(), row, match.group(), len(match.group()), style)

    def close_ground(self, ground):
        if ground and ground[3]:
            row, column, w, color = ground
            self.backgrounds.append(self.rect(column, row, w, 1, color))

    def svg(self, title):
        w = self.columns * CELL_WIDTH + 2 * PADDING
        h = self.rows * CELL_HEIGHT + 2 * PADDING
        lines = [f'<path d="{"".join(path)}" stroke="{color}" fill="none"/>' for color, path in self.lines.items()]
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(w)} {number(h)}" width="{number(w)}" '
            f'height="{number(h)}" role="img">',
            f"<title>{escape(title)}</title>",
            f'<rect width="100%" height="100%" rx="8" fill="{self.backdrop}"/>',
            *self.backgrounds, *self.shapes, *lines,
            f'<g fill="{FOREGROUND}" font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" '
            f'font-size="{FONT_SIZE}" xml:space="preserve">',
            *self.texts, "</g>", "</svg>", "",
        ])


def main():
    head, *lines = sys.stdin.buffer.read().decode("utf-8", "replace").split("\n")
    columns, rows, cursor_x, cursor_y, cursor_on = map(int, head.split())
    picture = Picture(columns, rows)
    frame = list(cells(lines[:rows], columns))
    # The margin continues the theme's own background.
    picture.backdrop = (frame[0][4].background if frame else None) or BACKGROUND
    picture.draw(frame)
    if cursor_on:
        picture.shapes.append(picture.rect(cursor_x, cursor_y, 1, 1, FOREGROUND, ' fill-opacity="0.65"'))
    sys.stdout.write(picture.svg(sys.argv[1]))


if __name__ == "__main__":
    main()
