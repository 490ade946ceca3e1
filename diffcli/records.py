"""Many records of one kind in one list: of those that nobody looks at there is no object."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

Record = TypeVar("Record")


class Records(Sequence[Record], Generic[Record]):
    """Named tuples whose fields stand one after the other in the list `fields`. It grows by `fields += (...)`."""

    __slots__ = ("fields",)
    #: The number of fields of a record.
    WIDTH: ClassVar[int]
    _names: ClassVar[tuple[str, ...]]
    _record: ClassVar[Any]

    def __init_subclass__(cls, record: Any) -> None:
        cls.WIDTH, cls._names = len(record._fields), record._fields
        if "_record" not in vars(cls):
            cls._record = staticmethod(partial(tuple.__new__, record))

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.fields: list[Any] = [field for record in records for field in record]  # type: ignore[attr-defined]  # a tuple

    @classmethod
    def of(cls, records: Sequence[Record]) -> Self:
        """The records, in whatever sequence they are, to be read field by field."""
        return records if isinstance(records, cls) else cls(records)

    def __len__(self) -> int:
        return len(self.fields) // self.WIDTH

    def __iter__(self) -> Iterator[Record]:
        return map(self._record, self.rows())

    def __eq__(self, other: object) -> bool:
        return self.fields == other.fields if isinstance(other, type(self)) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it can grow

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> list[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | list[Record]:
        places = range(len(self))[place]
        if isinstance(places, range):
            return [self[each] for each in places]
        found: Record = self._record(self.fields[places * self.WIDTH : (places + 1) * self.WIDTH])
        return found

    def copy(self) -> Self:
        """The same records, to which others can be added."""
        copy = type(self)()
        copy.fields = self.fields.copy()
        return copy

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The records as plain tuples, which cost a third."""
        return zip(*[iter(self.fields)] * self.WIDTH, strict=True)

    def column(self, name: str) -> list[Any]:
        """One field of all records."""
        return self.fields[self._names.index(name) :: self.WIDTH]
