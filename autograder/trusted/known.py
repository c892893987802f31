"""Which stand-ins a student's process has told of, so that they can be sent back to it."""

from __future__ import annotations

import weakref
from typing import Any


class Place(weakref.ref[Any]):
    """A stand-in, as long as anybody else has it, and the number of what it stands for."""

    __slots__ = ("key", "number")
    key: int
    number: int


class Known:
    """The stand-ins of one student's process.

    They are found by their identity. Neither a class, nor an attribute, nor a copy makes anything
    one of them, and what another process told of is none.
    """

    def __init__(self) -> None:
        self.places: dict[int, Place] = {}

    def add(self, standin: Any, number: int) -> None:
        """From now on a stand-in can be sent back.

        Args:
            standin: that was made for a reference.
            number: of the reference.
        """
        if self.number(standin) is None:
            place = Place(standin, self.forget)
            place.key, place.number = id(standin), number
            self.places[place.key] = place

    def forget(self, place: Place) -> None:
        """A stand-in is gone; another object can have its address."""
        if self.places.get(place.key) is place:
            del self.places[place.key]

    def number(self, value: Any) -> int | None:
        """The number of what a value stands for; None where it is no stand-in of this process."""
        place = self.places.get(id(value))
        return place.number if place is not None and place() is value else None

    def sent_back(self, value: Any) -> Any:
        """A stand-in as JSON: its number and nothing else; None of any other value."""
        number = self.number(value)
        return None if number is None else {"object": {"ref": number}}
