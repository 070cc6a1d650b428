"""The words that charge a unit with something, and those that only mention it."""

from __future__ import annotations

from cascade.intake.rules import USAGE, Rule

ASKS = Rule(
    r"(?<!\w)(?:kính )?(?:đề nghị|yêu cầu|giao(?: cho)?|phân công|ủy quyền)\s+",
    "somebody is asked or charged",
    "Giao Sở Y tế chủ trì",
    USAGE,
)
# "được giao", "bàn giao", "chỉ tiêu giao": nobody is charged there.
NOT_GIVEN = Rule(
    r"(?:được|bàn|đã|tiêu|chuyển|việc|vụ|ngoại)\s*$",
    "words that make 'giao' no order",
    "nhiệm vụ được ",
    USAGE,
    exact=True,
)
LEADS = Rule(
    r"(?<!\w)(?:chủ trì|làm đầu mối|là đầu mối"
    r"|là (?:cơ quan|đơn vị) (?:chủ trì|đầu mối|thường trực))(?!\w)",
    "somebody leads",
    "Trung tâm Phục vụ hành chính công làm đầu mối",
    USAGE,
)
HELPS = Rule(
    r"(?<!\w)phối\s*hợp(?:\s*(?:chặt chẽ|tốt|đồng bộ))?(?:\s*(?:với|cùng))?(?:\s*với)?\s*",
    "with whom",
    "phối hợp chặt chẽ với Công ty Thủy nông",
    USAGE,
)
LED_BY = Rule(
    r"(?<!\w)(?:cơ quan|đơn vị|đơn vị, cá nhân) (?:chủ trì|thực hiện|đầu mối)\s*:\s*",
    "a plan's label for who leads",
    "- Đơn vị chủ trì: Sở Y tế",
    USAGE,
)
HELPED_BY = Rule(
    r"(?<!\w)(?:cơ quan|đơn vị) phối hợp(?: thực hiện)?\s*:\s*",
    "a plan's label for who helps",
    "- Đơn vị phối hợp: UBND các xã",
    USAGE,
)
# What follows a unit's name when the sentence charges it with nothing.
NOT_CHARGED = Rule(
    r"^\W*(?:về|v/v|quy định|quyết định|thì|nêu tại|trân trọng|ban hành (?:kèm|ngày)"
    r"|tại|đã|vừa|được|có(?! (?:trách )?nhiệm)|từ|là(?! cơ quan| đầu mối| đơn vị)|cho"
    r"|chịu trách nhiệm(?! (?:thi hành|thực hiện|tổ chức|triển khai))"
    r"|đề nghị|dé nghị|yêu cầu|giao(?! ban)|ngày|nhận được|giới thiệu|để|khi|nếu"
    r"|sẽ|do|không(?= (?:ban hành|thuộc|có))|cần có|gồm|bao gồm|thông báo (?:để|cho các))(?!\w)",
    "a unit that is only mentioned",
    " đã ban hành Kế hoạch",
    USAGE,
    exact=True,
)
LEADING_CLAUSE = Rule(
    r"^\W*(?:căn cứ|đối với|sau|trên cơ sở|khi|trong|để|theo|nhằm|hằng|hàng|định kỳ|trước|ngay"
    r"|từ|thực hiện|trường hợp|nhân dịp|đồng thời|riêng)\s",
    "words that put a clause before the unit",
    "Sau mỗi đợt tiêm, trạm y tế tổng hợp",
    USAGE,
    exact=True,
)
