"""A turn a second, a burst after silence."""

from bot.pace import Pace


def test_a_burst_is_at_once_and_the_rest_a_second_apart() -> None:
    pace = Pace(interval_s=1, burst=3, clock=lambda: 100.0)
    assert [pace.take("D1") for _ in range(5)] == [0, 0, 0, 1, 2]


def test_lanes_do_not_wait_for_each_other() -> None:
    pace = Pace(interval_s=1, burst=1, clock=lambda: 100.0)
    assert [pace.take("D1"), pace.take("D2"), pace.take("D1")] == [0, 0, 1]


def test_looking_takes_no_turn() -> None:
    pace = Pace(interval_s=1, burst=1, clock=lambda: 100.0)
    pace.take("D1")
    assert [pace.away("D1"), pace.away("D1"), pace.take("D1")] == [1, 1, 1]


def test_silence_gives_the_burst_back_and_no_more() -> None:
    now = 100.0
    pace = Pace(interval_s=1, burst=2, clock=lambda: now)
    assert [pace.take("D1") for _ in range(3)] == [0, 0, 1]
    now = 1000.0
    assert [pace.take("D1") for _ in range(3)] == [0, 0, 1]


def test_quiet_lanes_are_forgotten() -> None:
    now = 0.0
    pace = Pace(interval_s=1, burst=1, clock=lambda: now)
    for lane in range(1001):
        pace.take(str(lane))
        now += 2
    assert len(pace._taken_until) == 1
