"""Exceptions of the notebook's functions, as a test can catch them here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.trusted.exceptions import (
    ENDINGS,
    MAX_ARGUMENTS,
    MAX_PARENTS,
    begun,
    builtin_bases,
    exception,
    exception_class,
    identifier,
    library_class,
    library_exception,
    special,
)
from autograder.trusted.standins import CallableRemote, Opaque, Told
from autograder.values.decode import Decoder
from autograder.values.encode import MAX_NOTE, MAX_NOTES
from autograder.values.wire import WireError

if TYPE_CHECKING:
    from autograder.trusted.student import Student

# Such classes of one notebook.
MAX_CLASSES = 1_000
# Kinds of values that have no text of their own here.
ASKED = frozenset(("function", "object", "other", "history", "module"))
# What an exception has where it was raised because of, or during, another one.
CHAIN = frozenset(("__cause__", "__context__", "__suppress_context__"))
# Names of what arrives as another exception.
ENDS = frozenset(kind.__name__ for kind in ENDINGS)
# Beside these, what is no `Exception` ends a program too.
EXITS = ("SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException", "BaseExceptionGroup")


class Raising:
    """Makes exceptions and their classes from what the notebook says of them.

    Args:
        student: whose they are.

    Attributes:
        classes: what stands for the notebook's classes of exceptions, by their numbers.
        thrown: names of the classes of exceptions that functions have raised in this case.
        lacking: attributes that these have in the notebook, and not here.
    """

    def __init__(self, student: Student) -> None:
        self.student = student
        self.classes: dict[int, type[Exception]] = {}
        self.begin()

    def begin(self) -> None:
        """A case begins."""
        self.thrown, self.lacking = set[str](), set[str]()

    def imported_class(self, about: Any) -> type[Exception] | None:
        """A library's class of exceptions that the tests have, or None."""
        return library_class(
            about, () if self.student.expected is None else self.student.expected.imported
        )

    def class_of(self, about: Any, depth: int = 0) -> type[Exception]:
        """The class that stands for a notebook's class of exceptions: one for each number.

        Args:
            about: what the notebook says of it: names of the builtin classes that it is made of,
                and its parents in the notebook. None of them leads to a class that is not made
                here or in `RAISABLE`, or a library's that is imported already.
        """
        if type(about) is not dict or type(about.get("ref")) is not int or depth > MAX_PARENTS:
            raise WireError("a class without a number, or with too many parents")
        known = self.imported_class(about)
        if known is not None and about["ref"] not in self.classes:
            return known
        if about["ref"] not in self.classes:
            if len(self.classes) >= MAX_CLASSES:
                raise WireError("too many classes of exceptions")
            above = about.get("parents")
            parents = [
                self.class_of(parent, depth + 1)
                for parent in (above[:MAX_PARENTS] if type(above) is list else ())
            ]
            for base in builtin_bases(about.get("bases")):
                if not any(issubclass(parent, base) for parent in parents):
                    parents.append(base)
            self.student.names[about["ref"]] = identifier(about.get("name"))
            self.classes[about["ref"]] = exception_class(
                CallableRemote(self.student, about), about, parents
            )
        return self.classes[about["ref"]]

    def arguments(self, nodes: Any, decoder: Decoder) -> tuple[Any, ...] | None:
        """The arguments of an exception, or None where they have not come.

        Its text is made of them, and a text asks nobody: what is no data has its own.
        """
        if type(nodes) is not list or len(nodes) > MAX_ARGUMENTS:
            return None
        found: list[Any] = []
        for node in nodes:
            told = node.get("told") if type(node) is dict else None
            if type(told) is list and [type(text) for text in told] == [str, str]:
                found.append(Told(self.student, *told))
            elif asks(node):
                return None
            else:
                value = self.student.carried(decoder, node)
                if type(value) is Opaque:
                    return None
                found.append(value)
        return tuple(found)

    def raised(self, head: dict[str, Any], decoder: Decoder) -> BaseException:
        """The exception of an answer.

        Args:
            head: of the answer.
            decoder: reads its values.

        Raises:
            WireError: it is described as none can be.
        """
        said, about = head["raised"], head.get("class")
        if type(said) is not list or [type(text) for text in said] != [str, str]:
            raise WireError("no exception")
        name, text = said
        bases = about.get("bases") if type(about) is dict else None
        if name == "TimeLimit":
            return self.student.broke("Your function did not answer in time.")
        if name in EXITS or (type(bases) is list and "Exception" not in bases):
            if self.student.expected is not None and self.student.expected.exits:
                self.student.doubt(f"a function ended the program ({name[:60]})")
            return self.student.broke("Your function ended the program instead of answering.")
        if name == "ExceptionGroup" or (type(bases) is list and "ExceptionGroup" in bases):
            self.student.doubt("a function raised a group of exceptions, which is not copied")
        self.thrown.add(identifier(name))
        self.thrown |= {end for end in ENDS if type(bases) is list and end in bases}
        given = self.arguments(head.get("args"), decoder)
        made = (
            exception(name, text, given) if about is None else self.made(about, name, text, given)
        )
        self.lacking |= special(made, name, text, given)
        if head.get("chained") is True:
            self.lacking |= CHAIN
        self.noted(made, head.get("notes"))
        return made

    def noted(self, error: BaseException, notes: Any) -> None:
        """Add the notes of an exception, as they arrived; what is none is lacking."""
        listed: list[Any] = notes[:MAX_NOTES] if type(notes) is list else [None]
        if any(type(note) is not str or len(note) > MAX_NOTE for note in listed):
            self.lacking.add("__notes__")
            return
        for note in listed:
            BaseException.add_note(error, note)

    def made(
        self, about: Any, name: str, text: str, given: tuple[Any, ...] | None
    ) -> BaseException:
        """The exception of a class that is none of Python's own."""
        kind, known = self.class_of(about), self.imported_class(about)
        if known is not None and kind is not known:
            # A test has the one as a value, and has imported the other since.
            kind = exception_class(CallableRemote(self.student, about), about, [kind, known])
        elif known is not None:
            found = library_exception(known, text, given)
            if found is not None:
                return found
            kind = exception_class(CallableRemote(self.student, about), about, [known])
        try:
            made = begun(kind, (text[:4000],) if given is None else given)
        except Exception:
            return exception(name, text, given)
        # Its class may have a text of its own.
        vars(made)["_text"] = text[:4000]
        return made


def asks(node: Any) -> bool:
    """Whether a value, as it arrived, holds what is asked of the notebook, or is not known."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if type(item) is dict:
            if not ASKED.isdisjoint(item):
                return True
            waiting += item.values()
        elif type(item) is list:
            waiting += item
    return False
