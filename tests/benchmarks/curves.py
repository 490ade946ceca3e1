"""How the time grows with the work, as a plot."""

from collections.abc import Callable, Sequence

from .contest import Row
from .measurement import Measured, Workers, measured

#: Seconds for all contenders at one size.
_PATIENCE = 4.0


def grown(row: Row, largest: int, told: Callable[[str], None]) -> list[Measured]:
    """A row at the sizes of its curve, up to the largest."""
    found = []
    with Workers() as workers:
        for size in row.curve:
            if size <= largest:
                told(f"{row.name}: {size:,} {row.axis}")
                found.append(measured(row, size, workers, patience=_PATIENCE, memory=False))
    return found


def draw(path: str, curves: Sequence[Sequence[Measured]]) -> None:
    """Write a picture with a panel for each row, both axes logarithmic."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(
        len(curves), 1, figsize=(8, 4.5 * len(curves)), squeeze=False, layout="constrained"
    )
    for panel, curve in zip(panels[:, 0], curves, strict=True):
        row = curve[0].row
        for position, name in enumerate(row.contenders):
            points = [(each.size, each.time(name)) for each in curve if name in each.seconds]
            if points:
                panel.loglog(*zip(*points, strict=True), marker="o", linewidth=2 if position == 0 else 1, label=name)
        panel.set(title=row.name, xlabel=row.axis, ylabel="seconds")
        panel.grid(alpha=0.3)
        panel.legend()
    figure.savefig(path)
    pyplot.close(figure)
