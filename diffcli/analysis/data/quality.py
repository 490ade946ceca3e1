"""Faults of data that keep gradient descent from working, and what to do about them."""

from collections.abc import Iterator, Mapping

from diffcli.analysis.data.table import quoted
from diffcli.execute.arrays import Array
from diffcli.execute.rows import Spread, spreads
from diffcli.messages import Joined, Message

#: Ratio of the columns' standard deviations above which no learning rate suits them all.
_UNSCALED = 1e3
#: Columns of a matrix whose means are written out.
_WRITTEN_OUT = 8


def warnings(columns: Mapping[str, Array]) -> tuple[str, ...]:
    """A sentence or two on each kind of trouble: numbers that are not finite, constant columns, scales far apart."""
    measured = {name: spreads(value) for name, value in columns.items()}
    places = {_called(name, place, parts): part for name, parts in measured.items() for place, part in enumerate(parts)}
    return (*_not_finite(places), *_constant(places), *_unscaled(columns, measured, places))


def standardised(name: str, value: Array, parts: list[Spread]) -> str:
    """The expression of a column, or of a matrix by columns, with mean 0 and standard deviation 1."""
    if value.ndim == 1:
        return f"({name} - {_literal(parts[0].mean)})/{_literal(parts[0].deviation)}"
    if value.ndim == 2 and len(parts) <= _WRITTEN_OUT:
        means, deviations = (
            ", ".join(map(_literal, numbers))
            for numbers in zip(*((part.mean, part.deviation or 1.0) for part in parts), strict=True)
        )
        return f"({name} - [{means}])/[{deviations}]"
    return f"({name} - mean({name}, axis=0))/std({name}, axis=0)"


def _not_finite(places: Mapping[str, Spread]) -> Iterator[str]:
    bad = {place: spread for place, spread in places.items() if spread.bad}
    if bad:
        place, spread = next(iter(bad.items()))
        numbers = sum(spread.bad for spread in bad.values())
        some = Message("{numbers:,} numbers that are", numbers=numbers) if numbers > 1 else Message("a number that is")
        yield Message(
            "the data has {some} nan or infinite, in {bad}, first in row {row} of '{place}': a loss over "
            "such a row is not a number; remove the rows",
            some=some,
            bad=quoted(tuple(bad)),
            row=spread.first_bad + 1,
            place=place,
        )


def _constant(places: Mapping[str, Spread]) -> Iterator[str]:
    still = {place: spread for place, spread in places.items() if spread.constant}
    if still:
        shown = Joined(
            Message("'{place}' (always {mean:g})", place=place, mean=spread.mean)
            for place, spread in list(still.items())[:8]
        )
        yield Message(
            "the data has constant columns: {shown}; they tell no rows apart, and a weight on one acts as a "
            "bias does: leave them out",
            shown=shown,
        )


def _unscaled(
    columns: Mapping[str, Array], measured: Mapping[str, list[Spread]], places: Mapping[str, Spread]
) -> Iterator[str]:
    moving = {place: spread for place, spread in places.items() if not spread.constant and spread.deviation > 0}
    if not moving:
        return
    wide = max(moving, key=lambda place: moving[place].deviation)
    narrow = min(moving, key=lambda place: moving[place].deviation)
    ratio = moving[wide].deviation / moving[narrow].deviation
    if not ratio > _UNSCALED:
        return
    names = dict.fromkeys(place.partition("[")[0] for place in (wide, narrow))
    advice = Joined(
        Message("{new} for {old}", new=standardised(name, columns[name], measured[name]), old=name) for name in names
    )
    yield Message(
        "the columns' scales are far apart: the standard deviation of '{wide}' is {deviation:.3g}, "
        "{ratio:.2g} times that of '{narrow}', and no learning rate suits both; standardise: write "
        "{advice}",
        wide=wide,
        deviation=moving[wide].deviation,
        ratio=ratio,
        narrow=narrow,
        advice=advice,
    )


def _called(name: str, place: int, parts: list[Spread]) -> str:
    return name if len(parts) == 1 else f"{name}[:, {place}]"


def _literal(number: float) -> str:
    """Enough digits to scale by, in brackets where a minus sign would meet another."""
    return f"({number:.6g})" if number < 0 else f"{number:.6g}"
