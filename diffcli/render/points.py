"""Points, which are fractions: as text for people, as numbers for documents."""

from fractions import Fraction


def points_text(points: Fraction) -> str:
    """The points in four digits or fewer."""
    return str(points.numerator) if points.denominator == 1 else f"{float(points):.4g}"


def points_number(points: Fraction) -> int | float:
    """A whole number where the points are one, else the nearest double."""
    return points.numerator if points.denominator == 1 else float(points)
