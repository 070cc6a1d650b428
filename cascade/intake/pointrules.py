"""What tells a duty from a description: the tables that points are read by."""

from __future__ import annotations

from cascade.intake.kinds import NAMES
from cascade.intake.rules import USAGE, Rule

COMMANDS = Rule(
    r"(?:đề\s+nghị(?!\s+của)|dé\s+nghị|yêu\s+cầu(?!\s+của)|phân\s+công|chỉ\s+thị(?!\s+(?:số|này))"
    r"|(?<!được\s)giao(?!\s+(?:thông|dịch|lưu|ban))"
    r"|(?<!công\s)(?<!bưu\s)điện(?!\s+(?:tử|lực|năng|thoại|số)))(?!\w)"
    r"(?:(?!hướng\s+dẫn|thông\s+báo|như\s+sau)[^.])*(?:như\s+sau)?[^.]{0,20}:?\s*$"
    r"|chỉ\s+đạo\W*$",
    "the sentence before the points demands them",
    "UBND xã yêu cầu các thôn thực hiện các nội dung sau:",
    USAGE,
    exact=True,
)
ASKED = Rule(
    r"\b(?:đề nghị(?! của)|yêu cầu(?! của)|phân công)\b(?:(?!hướng dẫn|thông báo|như sau)[^.])*"
    r"(?:như sau)?[^.]{0,20}:?\s*$",
    "the same where a scanner has broken the marks; two words are still unmistakable",
    "UBND xã yêu cẩu các thôn thực hiện các nội dung sau:",
    USAGE,
)
NARRATED = Rule(
    rf"\b(?:đã|vừa)(?: (?:có|ban hành|ký|gửi))+ (?:{NAMES})\s+(?:số|về|gửi|yêu cầu)",
    "what somebody has ordered elsewhere is told here, and not ordered anew",
    "Sở Y tế đã có Văn bản số 12/SYT-NV yêu cầu các bệnh viện",
    USAGE,
)
GUIDES = Rule(
    r"(?:hướng dẫn|có ý kiến|thông báo|trả lời|giải đáp|lưu ý|giới thiệu|triển khai)(?!\w)"
    r"[^.,;]*(?:như sau|sau đây|nội dung(?: sau)?|quy định)\W*$",
    "the sentence before the points explains matters; it demands nothing of itself",
    "Thuế tỉnh hướng dẫn một số nội dung như sau:",
    USAGE,
    exact=True,
)
CONDITION = Rule(
    r"^\W*(?:trường hợp|nếu|khi|đối với)\s[^.]*?\bthì\b",
    "a rule for a case, no errand",
    "Trường hợp chuyển trường thì cơ quan quản lý lập hồ sơ",
    USAGE,
)
OBLIGES = Rule(
    r"\b(?:có trách nhiệm|chịu trách nhiệm|chủ trì|khẩn trương|nghiêm túc|kịp thời|báo cáo|gửi"
    r"|trước ngày|chậm nhất|hoàn thành|chỉ đạo|phối hợp|chủ động|phải)\b",
    "words by which even an explanation lays a duty",
    "Chi cục có trách nhiệm theo dõi tờ khai",
    USAGE,
)
DESCRIBES = Rule(
    r"^\W*(?:về(?! sinh)|quy định|mục đích|yêu cầu\b(?! c)|đối tượng|phạm vi|nguyên tắc"
    r"|căn cứ(?! (?:chức năng|tình hình|điều kiện|nhiệm vụ|thực tế|kết quả|hướng dẫn))|kinh phí"
    r"|thời gian|công văn này|quyết định này|kế hoạch này|văn bản này|thông báo này|không áp dụng"
    r"|tình hình|đánh giá(?= chung|\W*$)|kết quả|quan điểm|mục tiêu|giới thiệu|nội dung mới"
    r"|hiệu lực|điều khoản"
    r"|những việc|đầu mối liên hệ|thông tin liên hệ|địa điểm|thành phần|hồ sơ gồm)\b",
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
    r"|kết quả thực hiện|báo cáo kết quả|thủ trưởng các|nếu có|mọi vướng mắc"
    r"|trường hợp (?:có|phát sinh|cần)|quá thời hạn)\b",
    "a paragraph behind the last item that belongs to the whole letter",
    "Trên đây là Kế hoạch",
    USAGE,
)
FORMULA = Rule(
    r"^(?!.*(?:báo cáo|trước ngày|gửi về)).*\b(?:nghiêm túc|tổ chức|khẩn trương|chỉ đạo"
    r"|triển khai)\b.*\b(?:thực hiện|đạt kết quả)"
    r"(?:,? (?:nghiêm|tốt|đầy đủ|hiệu quả|đạt|các|những|nội dung|nêu|trên|này|công văn|công điện"
    r"|kế hoạch|chỉ thị|văn bản|theo|quy định|đúng|và|có|kết quả|cao|yêu cầu|chỉ đạo|của|đề ra"
    r"|thông báo|quyết định|túc|nhiệm vụ|ubnd|tỉnh|huyện|xã))*\W*\S{0,5}\W*$"
    r"|^(?!.*(?:báo cáo|trước ngày|gửi về)).*\btổ chức triển khai thực hiện\b",
    "a closing that only repeats that the letter be carried out",
    "Yêu cầu các đơn vị nghiêm túc triển khai thực hiện./.",
    USAGE,
)
REPEATS = Rule(
    r"^\W*(?:nhận được[^,]{0,60}, )?(?:đề nghị|yêu cầu) [^;:]{3,80}"
    r" (?:nghiêm túc|khẩn trương|tổ chức|triển khai)[^,;:]{0,60} thực hiện[^,;:.]{0,30}\W*$",
    "a short closing of a letter without numbers",
    "Nhận được công văn này, đề nghị các đơn vị khẩn trương triển khai thực hiện./.",
    USAGE,
)
INTRODUCES = Rule(
    r"^\W*(?:để|nhằm|thực hiện|căn cứ|nhân dịp|theo|tiếp theo|trước|triển khai|do|trên cơ sở"
    r"|ngày|phúc đáp|sau khi)\s"
    rf"|^\W*(?:{NAMES})\s+(?:số|so|ngày|nêu|trên)\s",
    "a clause before the request that belongs to the preamble",
    "Để chuẩn bị năm học mới, ",
    USAGE,
)
