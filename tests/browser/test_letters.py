"""The hard letters of each language have a shape of their own, and tall scripts are not cut off (B6)."""

import pytest

from app.i18n import LANGUAGES

HARD = {
    "nl": "ëïéü", "en": "naïve", "fr": "çœÿÊ", "ar": "ءآأؤإئةىًٌٍَُِّْ٠٩،؟", "tr": "ğĞıİşŞçö", "uk": "ґҐєЄіїʼ", "ru": "ёЁъыэ",
    "fa": "پچژگکی۰۹", "ps": "ټډړږښګڼېۍئځڅ", "ti": "ኣዕቐቘኸጸፀሠኈጓፈ፡።", "so": "'", "es": "ñ¿¡Ü", "pl": "łŁąęśźżćń", "ro": "șȘțȚăâî",
}  # fmt: skip
TALL = {"ar": "إلى الأُسرة حجّ", "fa": "آیینه‌ها چگونه", "ps": "ټولنه څنګه ږغ", "ti": "ኣቐዲሙ ጽሑፍ ፈ"}
# A letter that no font has is drawn as the same box as a code point that will never be a letter.
BOXES = """({ letters, lang }) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64; canvas.lang = lang;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const drawn = letter => {
    pen.clearRect(0, 0, 64, 64);
    pen.font = `32px ${getComputedStyle(document.body).fontFamily}`;
    pen.fillText(letter, 16, 44);
    return pen.getImageData(0, 0, 64, 64).data.join();
  };
  const box = drawn("\\u{10fffe}"), nothing = drawn(" ");
  return [...letters].filter(letter => drawn(letter) === box || (drawn(letter) === nothing && letter.trim()));
}"""
# How much higher than its line the ink of a word is, in each kind of box.
OVER = """word => ["h1", ".btn", ".cards label > span", "p", ".chip", ".pill"].flatMap(kind => {
  const holder = document.createElement("div");
  holder.innerHTML = kind.startsWith(".cards") ? "<div class=cards><label><span></span></label></div>" : kind[0] === "."
    ? `<a class="${kind.slice(1)}"></a>` : `<${kind}></${kind}>`;
  document.querySelector("main").append(holder);
  const node = holder.querySelector(kind), style = getComputedStyle(node);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const ink = pen.measureText(word), high = ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent;
  const line = parseFloat(style.lineHeight);
  holder.remove();
  return high > line + 0.5 ? [`${kind}: ${high.toFixed(1)} in a line of ${line}`] : [];
})"""


def test_each_language_has_its_hard_letters():
    assert set(HARD) == {language.tag for language in LANGUAGES}


@pytest.mark.parametrize("lang", HARD)
def test_no_letter_is_a_box_and_no_line_is_too_low(visitor, lang):
    page = visitor(lang=lang)
    page.goto(f"/{lang}/help", wait_until="domcontentloaded")
    assert page.evaluate(BOXES, {"letters": HARD[lang], "lang": lang}) == []
    assert page.evaluate(BOXES, {"letters": "\U0010fffd", "lang": lang}) == ["\U0010fffd"]
    low = page.evaluate(OVER, TALL.get(lang, "Ëgjłș"))
    assert not low, "\n".join(low)
