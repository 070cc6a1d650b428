"""Who signed, and in what capacity: the signing marks, titles and names at a letter's foot."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from cascade.intake.kinds import by_folded_name
from cascade.intake.lines import Piece, is_capitals
from cascade.intake.reading import Found
from cascade.intake.rules import DECREE, PARTY, USAGE, Rule, any_of, compiled
from cascade.intake.spelling import restore_surname
from cascade.intake.text import fold, lower, squeeze

CAPACITY = (
    Rule(r"\bkt\s?[.,]\s?(?=[a-z])|\bk/t\.?\s", "a deputy for the head", "KT. CHỦ TỊCH", DECREE),
    Rule(r"\btm\s?[.,]\s?(?=[a-z])|\bt/m\.?\s", "for a committee", "T/M BAN THƯỜNG VỤ", PARTY),
    Rule(r"\btl\s?[.,]\s?(?=[a-z])|\bt/l\.?\s", "by order", "TL. CHỦ TỊCH", DECREE),
    Rule(r"\btuq\s?[.,]\s?(?=[a-z])", "delegated", "TUQ. GIÁM ĐỐC", DECREE),
    Rule(r"(?:^|\s)q\s?[.,]\s?(?=[a-z])", "acting", "Q. GIÁM ĐỐC", DECREE),
)
# Titles as they are printed under the capacity, or alone when the head signs.
TITLES = (
    "CHỦ TỊCH",
    "GIÁM ĐỐC",
    "TỔNG GIÁM ĐỐC",
    "CỤC TRƯỞNG",
    "TỔNG CỤC TRƯỞNG",
    "CHI CỤC TRƯỞNG",
    "BỘ TRƯỞNG",
    "THỨ TRƯỞNG",
    "VỤ TRƯỞNG",
    "VIỆN TRƯỞNG",
    "CHÁNH VĂN PHÒNG",
    "CHÁNH THANH TRA",
    "TRƯỞNG BAN",
    "TRƯỞNG PHÒNG",
    "TRƯỞNG TRẠM",
    "TRƯỞNG ĐOÀN",
    "TRƯỞNG CÔNG AN",
    "BÍ THƯ",
    "TỔNG BÍ THƯ",
    "HIỆU TRƯỞNG",
    "THỦ TƯỚNG",
    "CHỦ NHIỆM",
    "TRẠM TRƯỞNG",
    "HẠT TRƯỞNG",
    "ĐỘI TRƯỞNG",
    "CHỈ HUY TRƯỞNG",
    "TƯ LỆNH",
    "CHÍNH ỦY",
)
NOT_NAME = Rule(
    r"\b(?:phòng|ban|sở|bộ|vụ|cục|ngày|tháng|kính gửi|ký|đóng dấu|phụ lục|đính kèm|chủ tịch|các"
    r"|giám đốc|nơi nhận|gửi|ubnd|hđnd|ủy ban|uỷ ban|trân trọng|công ty|đảng ủy|trưởng)\b",
    "words no person's name has",
    "Ban Thường vụ",
    USAGE,
    exact=True,
)
RANK = Rule(
    r"^(?:(?:gs|pgs|ts|ths|bs|cki|ckii|bscki|bsckii)\b[.,/\s]*)+"
    r"|^(?:đại|thượng|trung|thiếu) (?:tướng|tá)\s",
    "a degree or rank before a name",
    "PGS.TS. Trần Văn An",
    USAGE,
)
# How much of a title a scanner may have spoilt and the title still be certain beside a list.
NEAR, DEPUTY, SURE = 0.72, 0.6, 0.88
LONGEST_CELL = 200
_FORMS = {fold(form): form for title in TITLES for form in (title, f"PHÓ {title}")}
_STARTS = tuple(f"{form} " for form in _FORMS)
_MARK = re.compile(r"(KT|TM|TL|TUQ|Q|K/T|T/M|T/L)\s?([.,]?)\s*(.+)")
_NAME_WORD = re.compile(r"[^\W\d_]+[.,!]?")
_OFFICE = re.compile(r"[^\W\d_][^\d()]{8,}")


def read_signature(cells: list[Piece]) -> tuple[Found | None, Found | None]:
    """Capacity (its lines joined) and signer, from the foot's cells that are no list of copies."""
    marks: list[tuple[Piece, str]] = []
    signer: Found | None = None
    for cell in cells:
        text = re.sub(r"^[^\w(]+|[^\w.)]+$", "", cell.text)
        lead = any_of(CAPACITY).search(cell.folded)
        if lead and is_capitals(cell.text[lead.start() :]):
            marks.append((cell, _mend(cell.text[lead.start() :])))
        elif marks and is_capitals(text) and (deputy := _deputy(text, marks[-1][1])):
            marks.append((cell, deputy))
        elif not signer and is_capitals(text) and title_of(text):
            marks.append((cell, _mend(text)))
        elif not signer and marks and _is_office(text):
            marks.append((cell, text))
        elif is_name(text):
            value = restore_surname(re.sub(r"[!,](?=\s|$)|\.$", "", text))
            signer = Found(value, cell.start, cell.end, 0.9)
    if not marks:
        return None, signer
    value = squeeze(" ".join(text for _, text in marks))
    return Found(value, marks[0][0].start, marks[-1][0].end, 0.9), signer


def signs(line: Piece) -> bool:
    """Whether a line begins a signature: a signing mark, or a title alone in capitals."""
    if len(line.text) > LONGEST_CELL:
        return False
    mark = any_of(CAPACITY).search(line.folded)
    if mark:
        return is_capitals(line.text[mark.start() :]) and len(line.text) < 100
    return len(line.text) < 40 and line.text.isupper() and bool(_exact_title(line.text))


def is_name(text: str) -> bool:
    """Whether a text is a person's name: two to five capitalised words, each with a vowel."""
    if by_folded_name(fold(text)):
        return False
    rank = compiled(RANK).match(fold(text))
    words = text[rank.end() if rank else 0 :].split()
    if len(text) > 50 or not 2 <= len(words) <= 5 or compiled(NOT_NAME).search(lower(text)):
        return False
    short = len(words) > 2  # "Giàng A Páo", "Nguyễn Văn A", "Y Bhiăng Niê"
    return all(
        _name_word(word, alone=short and (at > 0 or word in "YAKH"))
        for at, word in enumerate(words)
    )


def is_title(text: str) -> bool:
    """Whether a text in capitals is (nearly) a title and not an entry of a list."""
    folded = fold(text).strip(" -=_`.,;")
    return is_capitals(text) and (len(text) > 12 or _like_title(folded))


def title_at(cell: Piece) -> int:
    """Where behind a list entry a title in capitals begins; 0 when none does."""
    if len(cell.text) > LONGEST_CELL:
        return 0
    starts = [
        word.start()
        for word in list(re.finditer(r"\S+", cell.text))[1:]
        if word[0].isupper() and is_capitals(cell.text[word.start() :])
    ]
    exact = next((at for at in starts if _exact_title(cell.text[at:])), 0)
    like = (at for at in starts if _like_title(fold(cell.text[at:]).strip(" -=_`.,;")))
    near = next(like, exact)
    # "- Lưu: VT, CCVC. PHÓ VỤ TRƯỞNG": a stop before the whole title ends the entry.
    return exact if re.search(r"[.,;]\s", cell.text[near:exact]) else near


def title_of(text: str) -> str | None:
    """The title a text in capitals stands for, when it is one up to marks."""
    exact = _exact_title(text)
    if exact:
        return exact
    folded = fold(squeeze(text)).strip(" .,-_:")
    ratios = [(_ratio(folded, fold(title)), title) for title in TITLES if len(folded) > 6]
    best, title = max(ratios, default=(0.0, ""))
    return title if best >= SURE else None


def _exact_title(text: str) -> str | None:
    folded = fold(squeeze(text)).strip(" .,-_:")
    if folded in _FORMS:
        return _FORMS[folded]
    return squeeze(text) if folded.startswith(_STARTS) else None


def _mend(text: str) -> str:
    """A capacity with its title's marks restored and one space behind the abbreviation."""
    match = _MARK.match(text.strip())
    if not match:
        return title_of(text) or squeeze(text)
    title = title_of(match[3]) or squeeze(match[3])
    return f"{match[1]}{'.' if match[2] else ''} {title}"


def _deputy(text: str, above: str) -> str | None:
    """Under `KT. X` stands the deputy of X; a line near enough to `PHÓ X` is read so."""
    title = above.partition(" ")[2]
    if not title or not above.startswith(("KT", "K/T")):
        return None
    wanted, folded = f"PHÓ {title}", fold(text)
    near = _ratio(folded, fold(wanted)) >= DEPUTY and not title_of(text)
    cut = len(text) >= 6 and fold(wanted).endswith(" " + folded)
    return wanted if fold(wanted) == folded or near or cut else None


def _is_office(text: str) -> bool:
    """A line in capitals that goes on with a capacity: `CỤC Y TẾ DỰ PHÒNG`."""
    return bool(_OFFICE.fullmatch(text)) and is_capitals(text) and not is_name(text)


def _like_title(folded: str) -> bool:
    # A lone `TRƯỞNG` is the end of a title whose head the scanner lost.
    near = (max(_ratio(folded, t), _ratio(folded, "pho " + t)) for t in map(fold, TITLES))
    return len(folded) >= 6 and (folded == "truong" or any(ratio >= NEAR for ratio in near))


def _ratio(a: str, b: str) -> float:
    return SequenceMatcher(None, a[:60], b, autojunk=False).ratio()


def _name_word(word: str, *, alone: bool) -> bool:
    if not _NAME_WORD.fullmatch(word) or not word[0].isupper():
        return False
    bare = word.rstrip("!,.")
    if len(bare) == 1:
        return alone
    return bool(re.search("[aeiouy]", fold(word))) and (bare[1:].islower() or bare.isupper())
