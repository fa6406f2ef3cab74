"""The process that publishes: begun before it is wanted, used once, and gone with the run."""

import pytest

from evitable.flows import publisher
from evitable.flows.publisher import begin_publisher, end_publishers


def test_one_that_waits_for_nothing_ends_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    begin_publisher(("csv", "figures"))
    [process] = publisher._WAITING
    assert process.communicate(timeout=60) == (b"", None)
    end_publishers()
    assert (process.returncode, capfd.readouterr().err) == (0, "")


def test_the_one_that_was_begun_is_used_and_no_other_is_kept() -> None:
    begin_publisher(())
    [waiting] = publisher._WAITING
    with publisher._child() as process:
        assert process is waiting
        assert process.poll() is None
    assert process.returncode < 0
    assert not publisher._WAITING
    assert not publisher._RUNNING


def test_one_that_died_while_it_waited_is_replaced() -> None:
    begin_publisher(())
    [dead] = publisher._WAITING
    dead.kill()
    dead.wait(60)
    with publisher._child() as process:
        assert process is not dead
        assert process.poll() is None
    assert not publisher._RUNNING


def test_those_that_wait_are_ended_with_the_run() -> None:
    begin_publisher(("xlsx",))
    [process] = publisher._WAITING
    end_publishers()
    assert process.returncode < 0
    assert not publisher._WAITING
