"""Mail addresses: what can be one."""

from __future__ import annotations

import re

LONGEST = 254
# What every mail server takes; odder forms are somebody's slip more often than an address.
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")


def is_address(text: str) -> bool:
    """Whether mail can be sent to this."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None
