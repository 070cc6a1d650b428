"""A thousand random tamperings with the history, each found against a checkpoint outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cascade.test_history_tampering import Witnessed, check_tampering
from tests.worlds import Office

pytestmark = pytest.mark.slow


def test_every_one_of_a_thousand_tamperings_is_found(office: Office, tmp_path: Path) -> None:
    check_tampering(Witnessed(office, tmp_path), range(1000))
