"""The verdict on an answer for people: what belongs to a part stands with it."""

import diffcli


def _lines(expression: str, answer: str, **asked: object) -> list[str]:
    return str(diffcli.check(expression, answer=answer, **asked)).splitlines()  # type: ignore[arg-type]  # by name


def test_a_slip_stands_with_its_part() -> None:
    lines = _lines("3*x*y - 2*x", "x = 1; y = 3x")
    first, second = (next(place for place, line in enumerate(lines) if f"d/d{name} " in line) for name in "xy")
    assert "correct" in lines[second]
    assert any("rule: " in line for line in lines[first:second])
    assert not any("rule: " in line for line in lines[second:])


def test_a_slip_of_all_parts_stands_behind_them() -> None:
    lines = _lines("x^2*y^3", "x = -2x*y^3; y = -3x^2*y^2")
    place = lines.index("the sign of the whole answer is wrong")
    assert all("wrong" not in line for line in lines[place + 1 :])


def test_how_it_was_read_stands_first() -> None:
    lines = _lines("x^2*sin(x)", "2x cosx")
    verdict = next(place for place, line in enumerate(lines) if line.endswith("wrong"))
    assert lines[verdict + 1].strip() == "read as 2*x*cos(x)"


def test_a_form_is_not_told_to_be_right_and_wrong() -> None:
    lines = _lines("(x + 1)^2", "2x + 2", form="factored", feedback="full")
    assert any("can be factored" in line for line in lines)
    assert not any(line.strip().startswith("right: ") for line in lines)
