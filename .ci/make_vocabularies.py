#!/usr/bin/env python3
"""Writes the data of Sources/CVocabulary: two vocabularies as pairs of tokens, and the table of character classes.

    python3 .ci/make_vocabularies.py [FOLDER]
    python3 .ci/make_vocabularies.py --published FOLDER

The vocabularies are taken from a package of PyPI, which is downloaded, and checked by their SHA-256; with FOLDER from a
folder that already has the two files. Character classes come from Sources/CVocabulary/classes.txt. The same input gives
the same bytes; run it when a source changes, and commit what it writes.

The second form goes back: it writes the published files into a folder, which tiktoken takes as its TIKTOKEN_CACHE_DIR.
"""

import base64
import glob
import hashlib
import os
import struct
import subprocess
import sys
import tempfile
import zipfile

PACKAGE = "litellm==1.109.1"
INSIDE = "litellm/litellm_core_utils/tokenizers/"
# Name, file (the SHA-1 of the address it is published at), its SHA-256 (as tiktoken checks it), number of tokens.
VOCABULARIES = [
    ("cl100k_base", "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
     "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7", 100_256),
    ("o200k_base", "fb374d419588a4632f3f557e76b4b70aebbca790",
     "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d", 199_998),
]
MAGIC = b"TTPAIRS1"
NO_TOKEN = 0xFFFFFF
CODE_POINTS = 0x110000
BLOCK = 128  # code points
CLASS_BITS = {"L": 1, "N": 2, "S": 4, "R": 8, "u": 16, "l": 32}
HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(os.path.dirname(HERE), "Sources", "CVocabulary")


def published(folder):
    """The published files by name, from a folder or from the package."""
    names = [file for _, file, _, _ in VOCABULARIES]
    if folder:
        return {name: open(os.path.join(folder, name), "rb").read() for name in names}
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", work,
             PACKAGE], check=True)
        with zipfile.ZipFile(glob.glob(os.path.join(work, "*.whl"))[0]) as wheel:
            return {name: wheel.read(INSIDE + name) for name in names}


def tokens(data, digest, count):
    """The bytes of every token in the order of the ids."""
    if hashlib.sha256(data).hexdigest() != digest:
        sys.exit("make_vocabularies: the file is not the one it should be (SHA-256)")
    found = []
    for number, line in enumerate(data.splitlines()):
        text, identifier = line.split()
        assert int(identifier) == number, "ids are contiguous"
        found.append(base64.b64decode(text))
    assert len(found) == count
    return found


def pair(token, ids):
    """The two tokens that are joined last when this one is made: always the adjacent two whose join comes first."""
    parts = [token[i:i + 1] for i in range(len(token))]
    while len(parts) > 2:
        ranks = [ids.get(parts[i] + parts[i + 1], NO_TOKEN) for i in range(len(parts) - 1)]
        least = min(ranks)
        assert least != NO_TOKEN, "every token can be reached"
        at = ranks.index(least)
        parts[at:at + 2] = [parts[at] + parts[at + 1]]
    return ids[parts[0]], ids[parts[1]]


def pairs_file(vocabulary):
    """24 bytes: magic, number of tokens, longest token, bytes of all tokens, 0. Then two 24-bit ids for each token."""
    ids = {token: number for number, token in enumerate(vocabulary)}
    out = [MAGIC, struct.pack("<4I", len(vocabulary), max(map(len, vocabulary)), sum(map(len, vocabulary)), 0)]
    for number, token in enumerate(vocabulary):
        if len(token) == 1:
            left, right = token[0], NO_TOKEN
        else:
            left, right = pair(token, ids)
            assert left < number and right < number, "parts come before the whole"
        out.append(struct.pack("<I", left)[:3] + struct.pack("<I", right)[:3])
    return b"".join(out)


def published_form(data):
    """The published file of a pairs file."""
    found = []
    for at in range(24, len(data), 6):
        left, right = (int.from_bytes(data[i:i + 3], "little") for i in (at, at + 3))
        found.append(bytes([left]) if right == NO_TOKEN else found[left] + found[right])
    return b"".join(base64.b64encode(token) + b" %d\n" % number for number, token in enumerate(found))


def write_published(folder):
    """Writes the published files, made from the committed ones, where they are not there yet."""
    os.makedirs(folder, exist_ok=True)
    for name, file, digest, _ in VOCABULARIES:
        path = os.path.join(folder, file)
        if os.path.exists(path):
            continue
        with open(os.path.join(TARGET, name + ".pairs"), "rb") as pairs:
            data = published_form(pairs.read())
        if hashlib.sha256(data).hexdigest() != digest:
            sys.exit(f"make_vocabularies: {name}.pairs is not made from the published file")
        with open(path, "wb") as out:
            out.write(data)


def class_table():
    """One block number for every 128 code points, then the blocks that differ, a byte of flags for each code point."""
    flags = bytearray(CODE_POINTS)
    for line in open(os.path.join(TARGET, "classes.txt"), encoding="ascii"):
        if line.startswith("#"):
            continue
        letters, *ranges = line.split()
        value = sum(CLASS_BITS[letter] for letter in letters)
        for text in ranges:
            text, _, step = text.partition("/")
            first, _, last = text.partition("-")
            for code in range(int(first, 16), int(last or first, 16) + 1, int(step or 1)):
                flags[code] = value
    assert set(flags[0x5000:0xA000]) == {CLASS_BITS["L"] | CLASS_BITS["u"] | CLASS_BITS["l"]}, "the scanner counts on it"
    blocks, numbers = {}, bytearray()
    for start in range(0, CODE_POINTS, BLOCK):
        numbers.append(blocks.setdefault(bytes(flags[start:start + BLOCK]), len(blocks)))
    return bytes(numbers) + b"".join(blocks)


def write(name, data):
    with open(os.path.join(TARGET, name), "wb") as file:
        file.write(data)
    print(f"{name}: {len(data):,} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--published"]:
        write_published(sys.argv[2])
        sys.exit()
    files = published(sys.argv[1] if len(sys.argv) > 1 else None)
    for name, file, digest, count in VOCABULARIES:
        write(name + ".pairs", pairs_file(tokens(files[file], digest, count)))
    write("classes.table", class_table())
