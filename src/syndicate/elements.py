"""The elements of a page's tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, overload

if TYPE_CHECKING:
    from collections.abc import Iterable


class Element(NamedTuple):
    """An element of the page's tree.

    Attributes:
        tag: Lower-case tag name.
        parent: Index of the parent in `Document.elements`; -1 for the first, which is the document itself.
        names: The words of class, id, role and itemprop, parted by single spaces.
        hidden: Whether the element hides itself (`hidden`, `aria-hidden`, `display: none`).
    """

    tag: str
    parent: int
    names: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Elements(Sequence[Element]):
    """Elements in document order, kept as columns: few are ever asked for one by one, and most are alike.

    Attributes:
        forms: Tag and names of each form, in the order in which it is first met.
        numbers: For each element its form.
        parents: For each element its parent.
        hides: For each element whether it hides itself.
    """

    forms: tuple[tuple[str, str], ...] = ()
    numbers: tuple[int, ...] = ()
    parents: tuple[int, ...] = ()
    hides: tuple[bool, ...] = ()

    @classmethod
    def of(cls, elements: Iterable[Element]) -> Elements:
        """Elements from single ones."""
        rows = tuple(elements)
        forms = [(element.tag, element.names) for element in rows]
        places = {form: at for at, form in enumerate(dict.fromkeys(forms))}
        return cls(
            tuple(places),
            tuple(places[form] for form in forms),
            tuple(element.parent for element in rows),
            tuple(element.hidden for element in rows),
        )

    def tag(self, at: int) -> str:
        """The tag of an element."""
        return self.forms[self.numbers[at]][0]

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Element]:
        for number, parent, hides in zip(self.numbers, self.parents, self.hides, strict=True):
            tag, names = self.forms[number]
            yield Element(tag, parent, names, hides)

    @overload
    def __getitem__(self, at: int) -> Element: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Element, ...]: ...
    def __getitem__(self, at: int | slice) -> Element | tuple[Element, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        tag, names = self.forms[self.numbers[at]]
        return Element(tag, self.parents[at], names, self.hides[at])
