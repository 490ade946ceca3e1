"""Columns as the values of an expression's variables: only those that it uses are read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from diffcli.analysis.data.column_choices import Choice, is_name, read_choices
from diffcli.analysis.data.table import Bound, Column, Table, quoted, rows_counted
from diffcli.analysis.data.table_files import given_table, read_table
from diffcli.analysis.numerals import PLAIN, Notation
from diffcli.analysis.reading import MOST_NUMBERS, too_many
from diffcli.errors import did_you_mean, fault
from diffcli.execute.arrays import Array
from diffcli.execute.rows import columns_joined
from diffcli.messages import Argument, Blank, Message
from diffcli.source import Source
from diffcli.syntax.tokens import name_meant


class Data(NamedTuple):
    """A table, and the columns that each variable could be."""

    table: Table
    choices: Mapping[str, Choice]

    @property
    def names(self) -> frozenset[str]:
        """The variables that could be columns."""
        return frozenset(self.choices)

    @property
    def file(self) -> str:
        """The name of the data."""
        return self.table.file

    def bound(self, names: Sequence[str]) -> Bound:
        """The values of some of the variables.

        Raises DiffcliError for a column that holds no numbers, and for different numbers of rows.
        """
        read = self.table.read(tuple(dict.fromkeys(column for name in names for column in self.choices[name].columns)))
        count = sum(column.values.size for column in read.values())
        if count > MOST_NUMBERS:
            raise too_many(self.file, count, self.table.source)
        values: dict[str, Array] = {}
        for name in names:
            choice = self.choices[name]
            values[name] = self._matrix(choice, read) if choice.matrix else read[choice.columns[0]].values
            first = next(iter(values))
            if len(values[name]) != len(values[first]):
                message = Message(
                    "{file}: '{name}' has {rows}, '{first}' has {others:,}",
                    file=self.file,
                    name=name,
                    rows=rows_counted(len(values[name])),
                    first=first,
                    others=len(values[first]),
                )
                hint = Message("give a value that is not in the data with {at}", at=Argument("at"))
                raise fault("E406", message, choice.source, choice.span, hint=hint)
        return Bound(
            values,
            (
                *self.table.notes,
                *(_classes(self.file, name, column.classes) for name, column in read.items() if column.classes),
            ),
        )

    def missing(self, name: str) -> str:
        """A hint for a variable that is no column, though it has no other value."""
        if name in self.table.columns and is_name(name):
            return Message(
                "column '{name}' has got another name; to have it under its own too: {columns}",
                name=name,
                columns=Argument("columns", {name: name}),
            )
        close = did_you_mean(name, self.choices)
        if close:
            return close
        return Message(
            "the columns of {file} are {columns}; {named} names one",
            file=self.file,
            columns=quoted(self.table.columns),
            named=Argument("columns", {name: Blank("COLUMN")}),
        )

    def _matrix(self, choice: Choice, read: Mapping[str, Column]) -> Array:
        columns = [read[column].values for column in choice.columns]
        for name, column, span in zip(choice.columns, columns, choice.spans, strict=True):
            if column.ndim > 1 or len(column) != len(columns[0]):
                message = (
                    Message("'{name}' has several numbers a row", name=name)
                    if column.ndim > 1
                    else Message(
                        "'{name}' has {rows}, '{first}' has {others:,}",
                        name=name,
                        rows=rows_counted(len(column)),
                        first=choice.columns[0],
                        others=len(columns[0]),
                    )
                )
                hint = Message("the columns of a matrix have one number a row, and as many rows")
                raise fault("E406", message, choice.source, span, hint=hint)
        return columns_joined(columns)


def given_data(
    data: object,
    columns: Mapping[str, str | Sequence[str]] | str | Sequence[str] | Sequence[Source] | None = None,
    notation: Notation = PLAIN,
) -> Data:
    """The data of a caller: a file's name, or columns by name, as in a dictionary or a data frame.

    `columns` are names by variable, or texts as in `--columns`.
    """
    named = _by_name(data)
    file = data if isinstance(data, Source) else Source(str(data), Argument("data"))
    table = read_table(file, notation) if named is None else given_table(named, notation)
    if isinstance(columns, str) or not isinstance(columns, Mapping):
        texts = (columns,) if isinstance(columns, str) else columns or ()
        sources = (text if isinstance(text, Source) else Source(text, Argument("columns")) for text in texts)
        return _named(table, read_choices(sources))
    choices = []
    for name, chosen in columns.items():
        several = not isinstance(chosen, str)
        names = tuple(chosen) if several else (str(chosen),)
        source = Source(f"{name}=[{','.join(names)}]" if several else f"{name}={names[0]}", Argument("columns"))
        choices.append(Choice(name, names, several, source, source.whole, (source.whole,) * len(names)))
    return _named(table, choices)


def _by_name(data: Any) -> dict[str, Any] | None:
    """Columns by their names; None for what is no table. pandas and dictionaries have keys, Arrow `column_names`,
    Polars `columns`.
    """
    if hasattr(data, "keys"):
        return {str(name): data[name] for name in data.keys()}  # noqa: SIM118  # a data frame's are no iteration over it
    fields = getattr(getattr(data, "dtype", None), "names", None)  # of a structured array
    listed = getattr(data, "column_names", getattr(data, "columns", fields))
    if listed is None and not isinstance(data, (str, Path, Source)):
        given = Source(f"data={type(data).__name__}", Message("call"))
        hint = Message(
            "{file}, {columns}, or a data frame",
            file=Argument("data", "points.csv"),
            columns=Argument("data", {"x": [1, 2], "y": [3, 4]}),
        )
        raise fault("E402", Message("data are a file's name, or columns by name"), given, hint=hint)
    return None if listed is None else {str(name): data[name] for name in listed}


def _named(table: Table, chosen: Sequence[Choice]) -> Data:
    """A column that is chosen has the names that it is chosen for, and no longer its own."""
    for choice in chosen:
        for column, span in zip(choice.columns, choice.spans, strict=True):
            if column not in table.columns:
                hint = did_you_mean(column, table.columns) or Message(
                    "its columns are {columns}", columns=quoted(table.columns)
                )
                message = Message("{file} has no column '{column}'", file=table.file, column=column)
                raise fault("E405", message, choice.source, span, hint=hint)
    renamed = {column for choice in chosen for column in choice.columns}
    own = [column for column in table.columns if column not in renamed and is_name(column)]
    source = table.source
    choices = {
        name_meant(column): Choice(name_meant(column), (column,), False, source, source.whole, (source.whole,))
        for column in own
    }
    return Data(table, {**choices, **{choice.name: choice for choice in chosen}})


def _classes(file: str, column: str, classes: tuple[str, ...]) -> str:
    shown = [f"{label} = {word}" for label, word in enumerate(classes[:10])]
    rest = Message(" and {count} more", count=len(classes) - 10) if len(classes) > 10 else ""
    return Message(
        "column '{column}' of {file} holds words, which become classes: {shown}{rest}",
        column=column,
        file=file,
        shown=", ".join(shown),
        rest=rest,
    )
