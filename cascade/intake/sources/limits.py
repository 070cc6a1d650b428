"""How much of anything a file may ask for; a real letter stays far below each."""

from __future__ import annotations

INPUT_BYTES = 50 * 2**20
TEXT_CHARS = 20_000_000
SECONDS = 10.0  # from handing a file over to having its text
MEMORY_BYTES = 512 * 2**20
FILES_PER_CHILD = 200
OPEN_FILES = 64

PDF_PAGES = 500
ZIP_PARTS = 3_000
ZIP_DIRECTORY_BYTES = 2**20
PART_BYTES = 48 * 2**20  # one XML part, unpacked
DEPTH = 60  # tables in boxes in tables
LIST_LEVELS = 9
STYLE_CHAIN = 30
PROLOG_BYTES = 2**16  # before an XML part's root element
MAIL_DEPTH = 3  # a mail in a mail in a mail
ATTACHMENTS = 100
NAME_CHARS = 120
