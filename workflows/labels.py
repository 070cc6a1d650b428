"""The words for every state, trigger and refusal, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from workflows.refusals import Refusal

Lang = Literal["vi", "en"]


class Words(NamedTuple):
    """One thing said in both languages."""

    vi: str
    en: str

    def say(self, lang: Lang) -> str:
        """The words in `lang`."""
        return self.vi if lang == "vi" else self.en


# The same state name means the same thing on every machine, so one table serves all three.
STATES: dict[str, Words] = {
    "cited": Words("mới được viện dẫn", "cited only"),
    "draft": Words("dự thảo", "draft"),
    "issued": Words("đã ban hành", "issued"),
    "fulfilled": Words("đã hoàn thành", "fulfilled"),
    "closed": Words("đã kết thúc", "closed"),
    "withdrawn": Words("đã thu hồi", "withdrawn"),
    "superseded": Words("đã được thay thế", "superseded"),
    "sent": Words("đã gửi", "sent"),
    "acknowledged": Words("đã tiếp nhận", "acknowledged"),
    "drafting": Words("đang soạn văn bản", "drafting"),
    "answered": Words("đã có văn bản triển khai", "answered"),
    "nil_returned": Words("báo cáo không phát sinh", "nil return"),
    "returned": Words("bị trả lại", "returned"),
    "refused": Words("từ chối", "refused"),
    "accepted": Words("đã nghiệm thu", "accepted"),
    "waived": Words("được miễn", "waived"),
    "cancelled": Words("đã hủy", "cancelled"),
    "transferred": Words("đã chuyển đơn vị khác", "transferred"),
    "open": Words("chưa thực hiện", "open"),
    "in_progress": Words("đang thực hiện", "in progress"),
    "reported": Words("đã báo cáo, chờ nghiệm thu", "reported"),
    "declined": Words("không nhận", "declined"),
    "suspended": Words("tạm dừng", "suspended"),
}

TRIGGERS: dict[str, Words] = {
    "register": Words("vào sổ", "register"),
    "issue": Words("ban hành", "issue"),
    "close": Words("kết thúc", "close"),
    "withdraw": Words("thu hồi", "withdraw"),
    "supersede": Words("thay thế", "supersede"),
    "reopen": Words("mở lại", "reopen"),
    "amend": Words("sửa đổi", "amend"),
    "extend": Words("lùi thời hạn", "extend"),
    "fulfil": Words("tự hoàn thành", "fulfil"),
    "resume": Words("tiếp tục", "resume"),
    "acknowledge": Words("tiếp nhận", "acknowledge"),
    "draft": Words("soạn văn bản", "draft"),
    "answer": Words("trả lời bằng văn bản", "answer"),
    "return_nil": Words("báo cáo không phát sinh", "return nil"),
    "withdraw_report": Words("rút báo cáo", "withdraw the report"),
    "accept": Words("nghiệm thu", "accept"),
    "return": Words("trả lại", "return"),
    "lose_answer": Words("mất văn bản triển khai", "lose its answer"),
    "refuse": Words("từ chối", "refuse"),
    "uphold": Words("giữ nguyên việc giao", "uphold"),
    "waive": Words("miễn", "waive"),
    "cancel": Words("hủy", "cancel"),
    "transfer": Words("chuyển đơn vị khác", "transfer"),
    "ask_extension": Words("xin gia hạn", "ask for an extension"),
    "grant_extension": Words("cho gia hạn", "grant the extension"),
    "refuse_extension": Words("không cho gia hạn", "refuse the extension"),
    "remind": Words("đôn đốc", "remind"),
    "start": Words("bắt đầu", "start"),
    "report": Words("báo cáo hoàn thành", "report"),
    "decline": Words("không nhận", "decline"),
    "split": Words("chia việc", "split"),
    "suspend": Words("tạm dừng", "suspend"),
    "lay": Words("giao", "lay"),
    "call_up": Words("yêu cầu báo cáo đột xuất", "call for one more"),
    "end_series": Words("kết thúc việc định kỳ", "end what comes again"),
    "cite": Words("viện dẫn", "cite"),
}

KINDS: dict[str, Words] = {
    "letter": Words("văn bản", "letter"),
    "obligation": Words("trả lời bằng văn bản", "obligation"),
    "task": Words("nhiệm vụ", "task"),
}

LATENESS: dict[str, Words] = {
    "no_date": Words("không có thời hạn", "no due date"),
    "in_time": Words("trong hạn", "in time"),
    "due_soon": Words("sắp đến hạn", "due soon"),
    "overdue": Words("quá hạn", "overdue"),
    "done_in_time": Words("đúng hạn", "done in time"),
    "done_late": Words("trễ hạn", "done late"),
}

SIDES: dict[str, Words] = {
    "lead": Words("đơn vị chủ trì", "lead unit"),
    "issuer": Words("cơ quan ban hành", "issuing unit"),
}

TURNS: dict[str, Words] = {
    "lead": Words("đơn vị chủ trì thực hiện", "the lead unit acts"),
    "issuer": Words("cơ quan giao quyết định", "the issuer decides"),
    "accepter": Words("cơ quan giao nghiệm thu", "the issuer accepts"),
    "paused": Words("tạm dừng", "paused"),
    "nobody": Words("đã kết thúc", "ended"),
}

ROLES: dict[str, Words] = {
    "drafter": Words("soạn thảo", "drafter"),
    "registrar": Words("văn thư", "registrar"),
    "staff": Words("chuyên viên", "staff"),
    "head": Words("thủ trưởng", "head"),
    "secretariat": Words("văn phòng", "secretariat"),
    "auditor": Words("kiểm tra", "auditor"),
    "administrator": Words("quản trị", "administrator"),
}

# What makes a letter this letter, as a refusal names what is missing of it.
IDENTITY: dict[str, Words] = {
    "issuer": Words("cơ quan ban hành", "issuer"),
    "number": Words("số", "number"),
    "symbol": Words("ký hiệu", "symbol"),
    "date": Words("ngày", "date"),
}

REFUSALS: dict[str, Words] = {
    "unknown_trigger": Words(
        "không có thao tác “{trigger}”; các thao tác: {known}",
        "there is no move {trigger}; the moves are: {known}",
    ),
    "not_from_here": Words(
        "không thể {trigger} khi đang ở trạng thái {state}; lúc này có thể: {possible}",
        "{trigger} is not possible while {state}; possible now: {possible}",
    ),
    "only_by_itself": Words(
        "việc này tự diễn ra, không ai tự làm được",
        "this follows by itself; nobody can ask for it",
    ),
    "wrong_role": Words(
        "chỉ {roles} của {side} được làm việc này",
        "only {roles} of the {side} may do this",
    ),
    "reason_missing": Words("phải nêu lý do", "a reason must be given"),
    "reason_missing_while_open": Words(
        "còn {count} việc chưa xong, phải nêu lý do kết thúc",
        "{count} steps are still open: closing needs a stated reason",
    ),
    "fate_missing": Words(
        "còn {count} việc bên dưới: phải nói rõ giữ, hủy hay chuyển sang văn bản thay thế",
        "{count} open below: say what becomes of them (keep, cancel, or carry to the replacement)",
    ),
    "fate_carry_needs_replacement": Words(
        "chỉ chuyển việc sang khi có văn bản thay thế",
        "steps can be carried only into a replacing letter",
    ),
    "replacement_missing": Words(
        "phải nêu văn bản thay thế đã vào sổ", "name the letter that replaces it"
    ),
    "children_open": Words("còn {count} việc bên dưới chưa xong", "{count} below are still open"),
    "evidence_missing": Words(
        "phải kèm minh chứng (tệp hoặc văn bản)", "attach evidence: a file or a letter"
    ),
    "done_in_future": Words(
        "ngày hoàn thành {done_on} sau ngày hôm nay {today}",
        "done on {done_on} lies after today, {today}",
    ),
    "done_before_laid": Words(
        "ngày hoàn thành {done_on} trước ngày giao việc {laid_on}",
        "done on {done_on} lies before {laid_on}, the day it was laid",
    ),
    "same_person": Words(
        "người báo cáo không được tự nghiệm thu", "who reported it may not accept it"
    ),
    "same_principal": Words(
        "việc được báo cáo và việc được nghiệm thu không được cùng nhân danh một người",
        "nothing may be reported and accepted in the name of the same person",
    ),
    "answer_missing": Words(
        "phải nêu văn bản triển khai đã ban hành của chính đơn vị",
        "name an issued letter of the unit itself as the answer",
    ),
    "target_missing": Words("phải nêu đơn vị nhận", "name the receiving unit"),
    "until_missing": Words("phải nêu thời hạn mới", "name the new due date"),
    "until_not_later": Words(
        "thời hạn mới {until} không sau thời hạn hiện tại {due}",
        "the new date {until} is not later than the present due date {due}",
    ),
    "extension_already_asked": Words(
        "đã có một đề nghị gia hạn đang chờ", "an extension is already asked for and undecided"
    ),
    "extension_not_asked": Words("chưa có đề nghị gia hạn", "no extension is asked for"),
    "sealed_above": Words(
        "cấp trên đã nghiệm thu; cấp trên phải mở lại trước",
        "the level above has accepted it; it must reopen first",
    ),
    "ended_above": Words(
        "việc cấp trên giao đã kết thúc; cấp trên phải mở lại trước",
        "what it serves has ended above; it must be opened again there first",
    ),
    "identity_incomplete": Words("văn bản còn thiếu: {missing}", "the letter lacks: {missing}"),
    "date_in_future": Words(
        "ngày văn bản {dated} sau ngày hôm nay {today}",
        "the letter's date {dated} lies after today, {today}",
    ),
    "due_before_issue": Words(
        "thời hạn trước ngày văn bản {dated}: {early}",
        "due before the letter's date {dated}: {early}",
    ),
    "on_its_way": Words(
        "văn bản đang được gửi, còn {count} đơn vị chưa nhận; hãy đợi gửi xong",
        "it is still on its way: {count} units do not have it yet; wait until it is sent",
    ),
    "not_in_stages": Words(
        "thời hạn giao xuống sau ngày {latest} là muộn so với thời hạn cấp trên giao: {late}; "
        "nếu vẫn ban hành thì nêu lý do",
        "due after {latest}, which is too late for what the level above has laid: {late}; "
        "to issue it all the same, say why",
    ),
    "nothing_comes_again": Words(
        "văn bản này không còn việc định kỳ nào", "no duty of this letter comes again"
    ),
    "series_missing": Words("phải nêu việc định kỳ nào", "say which recurring duty"),
    "comes_once": Words(
        "chỉ báo cáo định kỳ mới được báo cáo không phát sinh",
        "only a report that comes again may be a nil return",
    ),
    "cycle": Words(
        "các văn bản viện dẫn vòng tròn: {path}", "the letters would implement one another: {path}"
    ),
}


def explain(refusal: Refusal, lang: Lang = "en") -> str:
    """A refusal in words, its data filled in; dates as dd/mm/yyyy in Vietnamese, ISO in English."""
    data = {key: _say(key, value, lang) for key, value in refusal.data.items()}
    return REFUSALS[refusal.code].say(lang).format(**data)


_TABLES: dict[str, Mapping[str, Words]] = {
    "trigger": TRIGGERS,
    "known": TRIGGERS,
    "possible": TRIGGERS,
    "state": STATES,
    "roles": ROLES,
    "side": SIDES,
    "missing": IDENTITY,
}


def _say(key: str, value: object, lang: Lang) -> str:
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y") if lang == "vi" else value.isoformat()
    if isinstance(value, Mapping):
        places = ((_place(str(name), lang), _say(key, item, lang)) for name, item in value.items())
        return "; ".join(f"{place} ({said})" for place, said in places)
    if isinstance(value, list | tuple):
        joiner = " → " if key == "path" else ", "
        return joiner.join(_say(key, item, lang) for item in value) or "–"
    # A CLI takes the trigger's code, so in English the code itself is the clearest word.
    table = _TABLES.get(key, {}) if lang == "vi" or key not in ("known", "possible") else {}
    words = table.get(str(value))
    return words.say(lang) if words else str(value)


def _place(no: str, lang: Lang) -> str:
    words = Words("điểm {no}", "point {no}") if no else Words("nơi nhận", "addressee")
    return words.say(lang).format(no=no)
