"""First and family names that are common where our users are, and how a name in a script looks.

A name here is evidence, never proof: what counts is a first name before a family name, or a column
most of whose values are such words. The lists are in words/: lower case, without accents.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

_WORDS = Path(__file__).parent / "words"
_UNMARKED = str.maketrans("łøđðæıß", "lodda\u0069s")

# Letters with a stroke, which no accent is taken off: for `translate` in SQL, after strip_accents.
STROKED, STROKES_OFF = "łŁøØđĐðæÆıß", "lLoOdDdaAis"


def plain(word: str) -> str:
    """Lower case, without accents and strokes: what the lists hold."""
    parts = unicodedata.normalize("NFD", word.lower())
    return "".join(char for char in parts if not unicodedata.combining(char)).translate(_UNMARKED)


def is_scripted_name(value: str) -> bool:
    """A whole name in Chinese, Japanese or Korean: a common family name before one or two signs."""
    return bool(_CHINESE.fullmatch(value) or _JAPANESE.fullmatch(value) or _KOREAN.fullmatch(value))


def is_slavic_name(value: str) -> bool:
    """Two or three Cyrillic words, one of which ends as family names do."""
    words = value.replace(",", " ").split()
    cyrillic = 2 <= len(words) <= 3 and all(_CYRILLIC.fullmatch(word) for word in words)
    return cyrillic and any(_FAMILY_ENDING.search(word) for word in words)


def _read(name: str) -> frozenset[str]:
    return frozenset(plain((_WORDS / name).read_text(encoding="utf-8")).split())


_CHINESE = re.compile(
    "[王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧程曹袁邓鄧许許傅沈"
    "曾彭吕呂苏蘇卢盧蒋蔡贾丁魏薛叶葉阎余潘杜戴夏钟汪田任姜范方姚谭廖邹熊金陆郝孔崔康毛邱秦史顾侯邵孟龙段钱汤尹黎]"
    "[\u4e00-\u9fff]{1,2}"
)
_JAPANESE = re.compile(
    "(?:佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|林|斎藤|斉藤|清水"
    "|山崎|池田|橋本|阿部|石川|前田|藤田|小川|後藤|岡田|長谷川|村上|近藤|石井|坂本|遠藤|青木|藤井|西村|福田|太田|三浦"
    "|藤原|岡本|松田|中島|中川|原田|小野|竹内|金子|和田|中山|石田|上田|森田|原|柴田|酒井|工藤|横山|宮崎|宮本|内田"
    "|高木|安藤|谷口|大野|丸山|今井|高田|藤本|武田|村田|上野|杉山|増田|菅原|平野|大塚|千葉|久保|松井|野口|新井|森)"
    "[\\s\u3000]?[\u3040-\u30ff\u4e00-\u9fff]{1,3}"
)
_KOREAN = re.compile(
    "[김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허유남심노하곽성차주우구민진][가-힣]{2}"
)
_CYRILLIC = re.compile("[\u0410-\u042f\u0404\u0406\u0407\u0401][\u0430-\u045f'’-]+")
_FAMILY_ENDING = re.compile(
    "(?:ов|ова|ев|ева|ёв|ёва|ин|ина|ын|ына|ский|ская|цкий|цкая|енко|чук|ович|евич|овна|евна|ић)$"
)
FIRST_NAMES = _read("first_names.txt")
FAMILY_NAMES = _read("family_names.txt")
