"""Texts to count tokens of: what is found on the machine, and generated ones. Each is up to SIZE bytes long."""

import base64
import glob
import gzip
import json
import os
import random
import re
import struct

SIZE = 1_000_000
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CHINESE = ("的 是 不 我们 一个 人 在 有 这个 他 中国 大 来 上 国家 到 说 们 为 子 和 你 地 出 道 也 时间 年 得 就 那 要 下 以 生活 会 自己 着 去 之 过 家 "
           "学习 对 可以 她 里 后 小 么 心 多 天 而 能 好 都 然 没有 日 于 起 还 发展 成 事情 只 作 当 想 看 文化 无 开始 手 十 用 主要 行 方 又 如 前 所 本 "
           "见 经济 头 面 公 同 三 已 老 从 动 两 长 知道 服务员 态度 酒店 房间 早餐 味道 电影 故事 演员 质量 速度 屏幕 电池").split()
JAPANESE = ("の に は を た が で て と し れ さ ある いる も する から な こと として い や など なっ ない この ため その あっ よう また もの という "
            "あり まで られ なる へ か だ これ によって により おり より による ず なり られる において 日本 東京 今日 天気 電車 会社 学校 先生 時間 コーヒー "
            "テレビ インターネット プログラム 言葉 仕事 世界 歴史 食べる 飲む 行く 見る 聞く 書く").split()
EMOJI = "😀 😂 🤣 😊 😍 🙏 👍 🔥 🎉 ❤️ 💯 ✨ 😭 🥺 🤔 👀 🙌 💪 🚀 ☕️ 🌍 👨‍👩‍👧 👩🏽‍💻 🇩🇪 🇯🇵 ✅".split()
CHAT = EMOJI[:9] + "so good lol yes I can't wait see you there omg that is amazing thanks happy birthday".split() + EMOJI


def read(paths, limit=SIZE):
    """The start of these files, one after the other; nothing twice."""
    found, size = [], 0
    for path in paths:
        if size >= limit:
            break
        try:
            with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
                data = file.read(limit - size)
        except OSError:
            continue
        text = data.decode("utf-8", "ignore")
        found.append(text)
        size += len(data)
    return "".join(found)


def files(*patterns):
    names = []
    for pattern in patterns:
        names += sorted(glob.glob(pattern, recursive=True))
    return names


def messages(language, least):
    """Translated messages of the system's programs, those with a share of `least` characters that are not ASCII."""
    found = []
    for path in files(f"/usr/share/locale/{language}/LC_MESSAGES/*.mo"):
        with open(path, "rb") as file:
            data = file.read()
        if data[:4] != b"\xde\x12\x04\x95":
            continue
        count, _, table = struct.unpack_from("<3I", data, 8)
        for i in range(count):
            length, at = struct.unpack_from("<2I", data, table + i * 8)
            text = data[at:at + length].decode("utf-8", "ignore").replace("\0", "\n")
            if text and sum(c > "\x7f" for c in text) >= least * len(text):
                found.append(text)
    random.shuffle(found)
    return "\n".join(found)


def generated(words, joiner, ends):
    """Sentences of these words, the first ones more often."""
    weights = [1 / (i + 8) for i in range(len(words))]
    sentences = []
    for _ in range(SIZE // 60):
        sentences.append(joiner.join(random.choices(words, weights, k=random.randint(3, 18))) + random.choice(ends))
    return "".join(sentences)


def upto(text):
    return text.encode()[:SIZE].decode("utf-8", "ignore")


def person(number):
    return {
        "id": number, "name": random.choice(["Ada", "Grace", "Alan", "Edsger", "Barbara"]), "score": random.random(),
        "tags": random.sample(["alpha", "beta", "gamma", "delta", "epsilon"], 2), "active": random.random() < 0.5,
        "created_at": f"2025-{random.randint(1, 12):02}-{random.randint(1, 28):02}T10:{random.randint(10, 59)}:00Z",
        "url": f"https://example.org/items/{random.getrandbits(40):x}", "parent": None}


def corpora():
    """Name, group (of the goals) and text of each."""
    random.seed(7)
    manual = re.sub(r"(?m)^[.'].*\n", "", read(random.sample(names, len(names)), SIZE * 3 // 2)) if (
        names := files("/usr/share/man/man[18]/*.gz")) else ""
    licences = read(files("/usr/share/common-licenses/*-*", f"{ROOT}/LICENSE"), SIZE // 4)
    people = [person(i) for i in range(4000)]
    mixed = [messages(language, 0) for language in ("de", "fr", "ru", "el", "ar", "he", "hi", "ko", "ja", "th", "tr", "vi")]
    yield "English", "text", upto(licences + manual)
    yield "code", "text", upto(read(files(f"{ROOT}/Sources/**/*.swift"), SIZE // 2) + read(
        files(f"{os.path.dirname(os.__file__)}/*.py", "/usr/include/*.h")))
    yield "JSON", "text", upto(json.dumps(people[:1500], indent=2) + json.dumps(people, separators=(",", ":")))
    yield "Markdown", "text", upto(read(files(f"{ROOT}/*.md", f"{ROOT}/Sources/**/*.md", "/usr/share/doc/*/*.md*",
                                              "/usr/share/doc/*/README*")))
    yield "Chinese", "cjk", upto(messages("zh_CN", 0.7) or generated(CHINESE, "", "，。！"))
    yield "Chinese, generated", "cjk", upto(generated(CHINESE, "", "，。！"))
    yield "Japanese", "cjk", upto(messages("ja", 0.7) or generated(JAPANESE, "", "、。"))
    yield "Japanese, generated", "cjk", upto(generated(JAPANESE, "", "、。"))
    yield "mixed scripts", "mixed", upto("\n".join(text[:SIZE // 24] for text in mixed if text) or generated(
        ["naïve", "größer", "привет", "мир", "שלום", "مرحبا", "नमस्ते", "ελληνικά", "안녕", "สวัสดี"] + JAPANESE, " ", ".?!"))
    yield "emoji", "mixed", upto(generated(CHAT, " ", EMOJI))
    noise = random.randbytes(SIZE * 3 // 4)
    yield "base64, one line", "runs", base64.b64encode(noise).decode()
    yield "base64, 76 columns", "runs", upto(base64.encodebytes(noise).decode())
    yield "1 M x a", "runs", "a" * SIZE
    yield "100 k spaces and x", "runs", " " * 100_000 + "x"
    yield "random letters, 1 MB", "runs", "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=SIZE))
    yield "Chinese without punctuation", "runs", upto(re.sub(r"\W", "", generated(CHINESE, "", "，")))
    yield "man and joiner, repeated", "runs", "👨\u200d" * (SIZE // 7)
    yield "e and accent, repeated", "runs", "e\u0301" * (SIZE // 3)
