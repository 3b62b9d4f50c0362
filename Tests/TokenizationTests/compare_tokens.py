"""Random texts of many kinds and their tokens by tiktoken, for comparison.

    compare_tokens.py COUNT SEED                       a JSON line per text: encoding, text, tokens
    compare_tokens.py COUNT SEED ENCODING TOKEN_BENCH  compares with what `token-bench ids` says; prints what differs

Needs tiktoken; its vocabularies are made from the committed ones.
"""

import json
import os
import random
import struct
import subprocess
import sys
import tempfile

import tiktoken

HERE = os.path.dirname(os.path.abspath(__file__))

WORDS = ("the of and to in that it was for with as on be at by this had not are but from or have an they which one you "
         "were her all she there would their we him been has when who will more no if out so said what up its about into "
         "than them can only other new some could time these two may then do first any my now such like our over man "
         "return func import class struct def self None true false int char void const static printf len range").split()
SCRIPTS = [(0x20, 0x7E), (0x41, 0x7A), (0xA0, 0x17F), (0x180, 0x24F), (0x250, 0x2FF), (0x300, 0x36F), (0x370, 0x3FF),
           (0x400, 0x4FF), (0x590, 0x5FF), (0x600, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F), (0x1E00, 0x1EFF),
           (0x2000, 0x206F), (0x2070, 0x20CF), (0x2100, 0x218F), (0x2190, 0x23FF), (0x2460, 0x24FF), (0x2600, 0x27BF),
           (0x3000, 0x303F), (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xE000, 0xE0FF), (0xFB00, 0xFDFF),
           (0xFE00, 0xFE0F), (0xFF00, 0xFFEF), (0x10400, 0x1044F), (0x1D400, 0x1D7FF), (0x1F300, 0x1FAFF),
           (0x20000, 0x2A6DF), (0xE0100, 0xE01EF)]
SPACES = " \t\n\r\v\f\u0085\u00a0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000"
MARKS = "\u0300\u0301\u0308\u20dd\u20e3\ufe0f\u093e\u05b0\U000e0100"
SMALL = ["'", "'s", "'S", "'\u017f", "'ll", "'LL", "'lL", "'v", "'ve", "'RE", "'r", "'d", "'m", "'t", "\u2019s", "''", "a",
         "A", "Ab", "aB", "\u01c5", "\u02b0", "\u00aa", "\u4e2d", "\u0300", "!", "!!", "/", "//", "\n", "\r\n", " ", "  ", "\t",
         "1", "12", "\u00bd", "\u0663", "\u216b", "z", "l", "L", "x", "\u017f", "\u200d", "\ufeff", "\0", "\x7f", "\u0378"]
EMOJI = "\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f3fd\U0001f600\u2764\ufe0f\U0001f1e9\U0001f1ea\u200d\U0001f525"


def some(pick, least, most):
    return "".join(pick() for _ in range(random.randint(least, most)))


def scalar():
    while True:
        value = random.randrange(0x110000)
        if not 0xD800 <= value < 0xE000:
            return chr(value)


def script():
    first, last = random.choice(SCRIPTS)
    return some(lambda: chr(random.randint(first, last)), 1, 8)


KINDS = [
    lambda: some(scalar, 0, 30),
    lambda: some(script, 1, 8),
    lambda: some(lambda: random.choice(SPACES + "   \n\nax!"), 1, 30),
    lambda: some(lambda: random.choice(SMALL), 1, 25),
    lambda: some(lambda: random.choice(MARKS + "aAbB!中 '1"), 1, 20),
    lambda: some(lambda: random.choice("0123456789½²①𝟙٣०Ⅷ a.,"), 1, 25),
    lambda: some(lambda: random.choice(EMOJI), 1, 15),
    lambda: some(lambda: random.choice("/\n\r !:.-#a"), 1, 25),
    lambda: " ".join(random.choice(WORDS) for _ in range(random.randint(1, 20))),
    lambda: random.choice(["", " "]).join(random.choice([str.upper, str.title, str.lower])(random.choice(WORDS))
                                          for _ in range(random.randint(1, 12))),
    lambda: some(lambda: random.choice("abcdefghijklmnopqrstuvwxyz"), 1, 300),
    lambda: some(lambda: random.choice("ABCDEFghijklMNOPQRSTUVWXYZ0123456789+/="), 1, 120),
    lambda: some(lambda: chr(random.randint(0x4E00, 0x9FFF)), 1, 120),
    lambda: some(lambda: chr(random.choice([random.randint(0x3040, 0x30FF), random.randint(0x4E00, 0x5FFF), 0x3002])), 1, 60),
    lambda: some(lambda: random.choice(["的", "是", "不", "我", "一", "人", "在", "有", "这", "，", "。", "a", " "]), 1, 80),
    lambda: random.choice("a ^=-\t\n中A_*~é0") * random.randint(1, 400) + random.choice(["", "x", " ", "\n", "中"]),
    lambda: some(lambda: random.choice(["<|endoftext|>", "<|im_start|>", "<|", "|>", "endoftext", " "]), 1, 6),
    lambda: some(lambda: random.choice(WORDS + [" ", "\n", "    ", "(", ")", "{", "}", "=", "==", ";", "->", "//", "'s"]), 1, 40),
    lambda: some(lambda: random.choice(["ا", "ل", "م", "ي", "و", "न", "म", "स", "्", "ต", "ร", "ा", " ", "и", "т"]), 1, 60),
]


def text():
    value = random.choice(KINDS)()
    while random.random() < 0.25:
        value += random.choice(KINDS)()
    return value


def compare(texts, name, program):
    encoding = tiktoken.get_encoding(name)
    raw = [value.encode() for value in texts]
    packed = b"".join(struct.pack("<I", len(value)) + value for value in raw)
    answers = subprocess.run([program, "ids", name], input=packed, stdout=subprocess.PIPE, check=True).stdout.decode()
    answers = answers.split("\n")[:-1]
    assert len(answers) == len(texts), (len(answers), len(texts))
    different = 0
    for value, answer in zip(texts, answers):
        wanted = " ".join(map(str, encoding.encode_ordinary(value)))
        if wanted != answer:
            different += 1
            if different < 20:
                print(ascii(value), "\n  wanted", wanted, "\n  found ", answer)
    print(f"{name}: {len(texts)} texts, {different} different")
    return different


def provide_vocabularies():
    """tiktoken finds the published files in a folder of this run, which is removed when it has read them."""
    sys.path.insert(0, os.path.join(HERE, "..", "..", ".ci"))
    from make_vocabularies import write_published
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TIKTOKEN_CACHE_DIR"] = folder
        write_published(folder)
        return [tiktoken.get_encoding(name) for name in ("cl100k_base", "o200k_base")]


if __name__ == "__main__":
    provide_vocabularies()
    random.seed(int(sys.argv[2]))
    chosen = [text() for _ in range(int(sys.argv[1]))]
    if len(sys.argv) > 4:
        sys.exit(1 if compare(chosen, sys.argv[3], sys.argv[4]) else 0)
    for encoding_name in ("cl100k_base", "o200k_base"):
        known = tiktoken.get_encoding(encoding_name)
        for value in chosen:
            print(json.dumps({"encoding": encoding_name, "text": value, "tokens": known.encode_ordinary(value)}))
