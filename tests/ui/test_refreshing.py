"""F5 after a failure: what was said of the try before does not stand beside what is fresh."""

from demonstration.people import NORA
from tests.ui.fakes import Unreachable


def test_a_failure_leaves_with_the_next_try(world, window, hands, gp):
    hands.search(NORA)
    hands.press("Ctrl+I")
    world.dmp.failing = Unreachable()
    hands.press("F5")
    assert window.notice.text
    hands.press("F5")
    assert window.notice.text
    world.dmp.failing = None
    hands.press("F5")
    assert not window.notice.text or window.notice.isHidden()
