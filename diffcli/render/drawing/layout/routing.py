"""Arrows' ends side by side on a border, and the lines between two ends eased where nothing is in their way."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from diffcli.render.drawing.layout.geometry import Point, Rect, dots, moved_start, passes, straight

#: Height of the strips by which rectangles are found, and how near to one a line may pass.
_STRIP, _CLEAR = 60.0, 3.0
#: From how far to how far below or above its end a found path may be joined.
_NEAREST, _JOINED = 14.0, 110.0


def side_by_side(wished: Sequence[float], side: tuple[float, float], distance: float) -> list[float]:
    """Places on a side, in their order and as near to the wished ones as they let each other be.

    They are `distance` apart where there is room for that. The sum of squared moves is the least (pool adjacent
    violators: places that are too near become a block around their mean).
    """
    if not wished:
        return []
    left, right = side
    step = min(distance, (right - left) / len(wished))
    low, high = left + step / 2, right - step / 2 - step * (len(wished) - 1)
    blocks: list[tuple[float, int]] = []
    for number, wish in enumerate(wished):
        mean, count = min(max(wish - step * number, low), high), 1
        while blocks and blocks[-1][0] > mean:
            earlier, members = blocks.pop()
            mean, count = (earlier * members + mean * count) / (members + count), members + count
        blocks.append((mean, count))
    means = [mean for mean, count in blocks for _ in range(count)]
    return [mean + step * number for number, mean in enumerate(means)]


class Ground:
    """The rectangles that lines keep clear of."""

    def __init__(self, rects: Iterable[Rect]) -> None:
        self.strips: dict[int, list[Rect]] = defaultdict(list)
        for rect in rects:
            for strip in range(int(rect.y // _STRIP), int(rect.bottom // _STRIP) + 1):
                self.strips[strip].append(rect)

    def clear(self, curve: Sequence[Point], foreign: Sequence[Rect] = ()) -> bool:
        """Whether a curve keeps clear of foreign frames, and of all rectangles but those that its ends stand on."""
        return not any(map(self._inside, dots(curve))) and not any(passes(curve, frame) for frame in foreign)

    def _inside(self, point: Point) -> bool:
        return any(
            rect.x - _CLEAR < point.x < rect.right + _CLEAR and rect.y + 0.5 < point.y < rect.bottom - 0.5
            for rect in self.strips.get(int(point.y // _STRIP), ())
        )

    def eased(
        self, path: Sequence[Point], start: Point, stop: Point, leads: tuple[float, float], foreign: Sequence[Rect] = ()
    ) -> list[Point]:
        """The line from `start` down to `stop`: one bend where the way is free, else the found path, led to these ends.

        `leads` are the lengths of straight pieces at its ends, where tips and plates stand; they are shorter where
        there is little room. `foreign` are the frames that neither end is in.
        """
        if start.x == stop.x and self.clear([start, *straight(start, stop)], foreign):
            return [start, *straight(start, stop)]
        room = 0.4 * (stop.y - start.y)
        first, last = Point(start.x, start.y + min(leads[0], room)), Point(stop.x, stop.y - min(leads[1], room))
        bend = (last.y - first.y) * 0.6
        line = [first, Point(first.x, first.y + bend), Point(last.x, last.y - bend), last]
        if not self.clear(line, foreign):
            led = self._led(self._led(halved(halved(path)), first, foreign)[::-1], last, foreign)[::-1]
            through = bool(foreign) and self.clear(line)  # a foreign frame in the way is better than a box
            line = (
                line
                if through and not all(self.clear(led[index : index + 4]) for index in range(0, len(led) - 3, 3))
                else led
            )
        return [start, *straight(start, first), *line[1:], *straight(last, stop)]

    def _led(self, path: Sequence[Point], start: Point, foreign: Sequence[Rect]) -> list[Point]:
        """The path with a new beginning: a bend to that of its first knots to which the way is free and turns least."""
        best, turned = moved_start(path, start), math.inf
        for index in range(3, len(path) - 3, 3):
            knot, onward = path[index], path[index + 1]
            if abs(knot.y - start.y) > _JOINED:
                break
            turn = _turn(start, knot, onward)
            if abs(knot.y - start.y) < _NEAREST or turn >= turned:
                continue
            reach = 0.4 * math.dist(start, knot) / (math.dist(knot, onward) or 1.0)
            control = Point(knot.x - reach * (onward.x - knot.x), knot.y - reach * (onward.y - knot.y))
            line = [start, Point(start.x, start.y + 0.45 * (knot.y - start.y)), control, knot]
            if self.clear(line, foreign):
                best, turned = [*line, *path[index + 1 :]], turn
        return best


def _turn(start: Point, knot: Point, onward: Point) -> float:
    """The turns in radians of a line that leaves `start` straight down or up, goes to the knot, and on from there."""
    there = math.atan2(knot.x - start.x, abs(knot.y - start.y))
    on = math.atan2(onward.x - knot.x, (onward.y - knot.y) * (1 if knot.y > start.y else -1))
    return abs(there) + abs(on - there) + abs(on)


def halved(path: Sequence[Point]) -> list[Point]:
    """The same line with twice as many curves."""
    points = [path[0]]
    for index in range(0, len(path) - 3, 3):
        a, b, c, d = path[index : index + 4]
        ab, bc, cd = _middle(a, b), _middle(b, c), _middle(c, d)
        abc, bcd = _middle(ab, bc), _middle(bc, cd)
        points += [ab, abc, _middle(abc, bcd), bcd, cd, d]
    return points


def _middle(a: Point, b: Point) -> Point:
    return Point((a.x + b.x) / 2, (a.y + b.y) / 2)
