"""The journeys of the pages on two web hosts: whichever answers, it is the same register."""

from __future__ import annotations

import pytest

from tests.journeys.test_a_letter import (
    test_a_secretariat_follows_a_letter_from_its_import_to_its_close,
)
from tests.journeys.test_a_task import (
    test_a_clerk_has_a_task_done_by_three_actions_and_sees_it_accepted,
    test_a_returned_task_comes_back_with_its_reason_and_is_reported_again,
)
from tests.journeys.test_twice import (
    test_a_button_pressed_twice_quickly_reports_once,
    test_going_back_after_an_import_leads_to_the_letter,
    test_the_same_form_sent_from_two_tabs_reports_once,
)
from tests.journeys.test_two_editors import (
    test_an_acceptance_that_came_too_late_loses_no_word,
    test_the_second_of_two_editors_is_told_what_moved_and_can_go_on,
)

pytestmark = pytest.mark.slow
__all__ = [
    "test_a_button_pressed_twice_quickly_reports_once",
    "test_a_clerk_has_a_task_done_by_three_actions_and_sees_it_accepted",
    "test_a_returned_task_comes_back_with_its_reason_and_is_reported_again",
    "test_a_secretariat_follows_a_letter_from_its_import_to_its_close",
    "test_an_acceptance_that_came_too_late_loses_no_word",
    "test_going_back_after_an_import_leads_to_the_letter",
    "test_the_same_form_sent_from_two_tabs_reports_once",
    "test_the_second_of_two_editors_is_told_what_moved_and_can_go_on",
]
