"""What tells a duty from a description: the tables that points are read by."""

from __future__ import annotations

from cascade.intake.rules import USAGE, Rule

COMMANDS = Rule(
    r"(?:đề\s+nghị|dé\s+nghị|yêu\s+cầu|(?<!được\s)giao|phân\s+công|chỉ\s+thị|điện)(?!\w)"
    r"(?:(?!hướng\s+dẫn|thông\s+báo|như\s+sau)[^.])*(?:như\s+sau)?[^.]{0,20}:?\s*$"
    r"|chỉ\s+đạo\W*$",
    "the sentence before the points demands them",
    "UBND xã yêu cầu các thôn thực hiện các nội dung sau:",
    USAGE,
    exact=True,
)
DESCRIBES = Rule(
    r"^\W*(?:về|quy định|mục đích|yêu cầu\b(?! c)|đối tượng|phạm vi|nguyên tắc|căn cứ|kinh phí"
    r"|thời gian|công văn này|quyết định này|kế hoạch này|văn bản này|thông báo này|không áp dụng"
    r"|tình hình|đánh giá|kết quả|quan điểm|mục tiêu|giới thiệu|nội dung mới|hiệu lực|điều khoản"
    r"|những việc)\b",
    "an item that tells or orders matters, and asks nobody",
    "Mục đích, yêu cầu",
    USAGE,
)
PURPOSE = Rule(
    r"^\W*(?:mục đích|quan điểm|mục tiêu|kinh phí|đối tượng|phạm vi|tình hình|kết quả đạt được)\b",
    "a part of a plan that never lays a duty",
    "MỤC ĐÍCH, YÊU CẦU",
    USAGE,
)
CLOSES = Rule(
    r"^\W*(?:trong quá trình|trên đây|nhận được|căn cứ|đề nghị|yêu cầu|giao|công văn này"
    r"|văn bản này|kế hoạch này|trân trọng|các đơn vị|các cơ quan|quá trình|rất mong|kính đề nghị"
    r"|kết quả thực hiện|báo cáo kết quả|thủ trưởng các|nếu có)\b",
    "a paragraph behind the last item that belongs to the whole letter",
    "Trên đây là Kế hoạch",
    USAGE,
)
FORMULA = Rule(
    r"^(?!.*(?:báo cáo|trước ngày|gửi về)).*\b(?:nghiêm túc|tổ chức|khẩn trương|chỉ đạo"
    r"|triển khai)\b.*\b(?:thực hiện|đạt kết quả)\b",
    "a closing that only repeats that the letter be carried out",
    "Yêu cầu các đơn vị nghiêm túc triển khai thực hiện./.",
    USAGE,
)
REPEATS = Rule(
    r"^\W*(?:nhận được[^,]{0,60}, )?(?:đề nghị|yêu cầu) [^,;:]{3,80}"
    r" (?:nghiêm túc|khẩn trương|tổ chức|triển khai)[^,;:]{0,60} thực hiện[^,;:.]{0,30}\W*$",
    "a short closing of a letter without numbers",
    "Nhận được công văn này, đề nghị các đơn vị khẩn trương triển khai thực hiện./.",
    USAGE,
)
INTRODUCES = Rule(
    r"^\W*(?:để|nhằm|thực hiện|căn cứ|nhân dịp|theo|tiếp theo|trước|triển khai|do|trên cơ sở"
    r"|ngày|phúc đáp|sau khi)\s",
    "a clause before the request that belongs to the preamble",
    "Để chuẩn bị năm học mới, ",
    USAGE,
)
