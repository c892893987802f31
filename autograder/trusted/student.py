"""The student's process, as the tests can reach it: values that arrive, calls that are sent."""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any, NoReturn

from autograder.trusted.adopted import adopt
from autograder.trusted.calls import Calls
from autograder.trusted.changed import Changed
from autograder.trusted.evaluated import CODE, PROGRAMS, fault
from autograder.trusted.expected import Expected, comparison
from autograder.trusted.kinds import Current
from autograder.trusted.known import Known
from autograder.trusted.paths import EVENTS, MOVES, Paths
from autograder.trusted.raising import Raising
from autograder.trusted.refusal import NeedsTeacher
from autograder.trusted.shared import Shared
from autograder.trusted.standins import CallableRemote, Function, Opaque, Remote, called
from autograder.trusted.surroundings import Surroundings
from autograder.trusted.unreal import Unreal
from autograder.trusted.views import Views
from autograder.trusted.warned import warn
from autograder.values.decode import Decoder
from autograder.values.encode import Encoder
from autograder.values.history import History
from autograder.values.sets import Maker
from autograder.values.wire import Channel, Message, TooSlow, WireError, pack

# Seconds for the notebook's process to look at its large values.
LOOKING = 10.0
# How much later than its own limit an answer may come.
GRACE = 3.0
# After so many calls without an answer in time nothing is asked any more.
MOST_LATE = 3
# Stand-ins that are kept for when an object comes again.
MAX_STANDINS = 10_000


class NoAnswer(BaseException):
    """A call had no answer: too late, or its end was that of the process. No test catches it as
    what a function may raise."""


# What of an answer can hold texts of the notebook's.
TEXTS = ("value", "changed", "out", "err", "raised", "args", "notes", "warned")


class Student:
    """The student's process, as the tests can reach it.

    Attributes:
        case_end: when the time of the running test case is over (`time.monotonic`).
        doubts: reasons why the running case needs a teacher, even where a test caught them.
        gone: why there are no more answers, or "".
        calls: how many there were, by which an answer names its call.
        waited: for how many seconds the running case has waited for answers.
        late: how many of them had no answer in time.
        modules: modules that the assignment brings along.
        names: of functions and objects by their numbers.
        standins: for functions and objects, by what is told of them: one object is one here too.
        known: the same, with the numbers by which they are sent back.
        seen: what the running case has asked.
        raising: makes exceptions and their classes.
        stood: whether something that stands for an object came in the running case, or value.
        unreal: looks at the errors that a stand-in makes where a real value would not.
        views: arrays that share their numbers in the notebook, and not here.
        broken: why this case is not passed, whatever it makes of a call that had no answer; or "".
        variables: the same among the variables of the running case.
        mixed: whether the test has changed one of these before a call.
        grown: whether the test has changed a set of the notebook's.
        parted: whether a call of the running case has changed a table, and not what looks at it, or
            was in its cells.
        shared: what the running question has of values that the notebook keeps.
        paths: what the notebook has named, and which files it has.
        files: what tests have made or changed of files.
        apart: why a call of the running case may have found other files than the test's; or "".
        unseen: what it had replaced then that does not reach the student's process, or "".
        around: what tests change around the calls.
        hidden: the question whose hidden cases run, or None.
        sets: makes those of the values of a question, or of the running case.
        expected: what the tests that run, or whose values are made, know of; None before any.
    """

    def __init__(self, channel: Channel, modules: frozenset[str]) -> None:
        self.channel, self.modules = channel, modules
        Current.student = self
        self.case_end = 0.0
        self.doubts: list[str] = []
        self.gone = ""
        self.calls = self.late = 0
        self.waited = 0.0
        self.names: dict[int, str] = {}
        self.standins: dict[str, Any] = {}
        self.known = Known()
        self.raising = Raising(self)
        self.seen, self.views, self.variables = Calls(), Views(), Views()
        self.unseen = self.broken = ""
        self.hidden: str | None = None
        self.stood = self.parted = self.mixed = self.grown = False
        self.unreal = Unreal(Student.read.__code__)
        self.one_by_one = threading.RLock()
        self.around = Surroundings()
        self.paths = Paths()
        self.files: Changed | None = None
        self.apart = ""
        self.shared, self.sets = Shared(), Maker()
        self.expected: Expected | None = None

    def decoder(self, blob: bytes) -> Decoder:
        """Reads values in which this student's functions can be called."""
        return Decoder(
            blob,
            self.referred,
            self.opaque,
            self.modules,
            masks=self.expected is not None and self.expected.masks,
            gaps=self.expected is not None and self.expected.gaps,
            tensors=self.expected is None or not self.expected.types,
            makes=self.sets,
        )

    def environment(
        self,
        expected: Expected,
        nodes: dict[str, Any],
        blob: bytes,
        shared: Any = None,
    ) -> dict[str, Any]:
        """The values of a question by their names; each is made alone.

        Args:
            expected: what its tests read.
            nodes: JSON by name, as it arrived.
            blob: the bytes of its arrays.
            shared: what is said of those that can change, as it arrived.
        """
        self.expected = expected
        self.sets = Maker()
        decoder = self.decoder(blob)
        self.paths.forget_blobs()
        self.paths.heard(list(nodes.values()), blob)
        values = {
            name: self.fitting(expected, name, self.named_value(expected, name, decoder, node))
            for name, node in nodes.items()
            if expected.takes(name)
        }
        self.shared = Shared(self.sets.given)
        self.shared.unordered = self.sets.unordered
        return self.shared.environment(values, shared)

    def named_value(self, expected: Expected, name: str, decoder: Decoder, node: Any) -> Any:
        """The value of a variable; it is noted whether something in it stands for an object."""
        self.stood = expected.came.here = False
        value = self.carried(decoder, node)
        if self.stood:
            expected.standing.add(name)
        if expected.came.here:
            expected.came.names.add(name)
        return value

    def opaque(self, reason: str) -> Opaque:
        """What stands for a value that is not carried."""
        self.stands()
        return Opaque(self, reason)

    def stands(self) -> None:
        """In the running question something stands for an object."""
        self.stood = True
        self.unreal.follow()
        if self.expected is not None:
            self.expected.objects = True

    def carried(self, decoder: Decoder, node: Any) -> Any:
        """The value of a node; what cannot be made of it is opaque, and nothing else is lost."""
        doubts = len(self.doubts)
        try:
            return decoder.value(node)
        except NeedsTeacher as error:
            # Nobody has looked at it yet.
            del self.doubts[doubts:]
            return self.opaque(f"a value that holds {error.about or 'what is not carried'}")
        except WireError as error:
            return self.opaque(f"a value that arrived damaged ({str(error)[:200]})")

    def fitting(self, expected: Expected, name: str, value: Any) -> Any:
        """The value, or what stands in its place where a test takes this name for a library's."""
        kind = type(value)
        if kind is Opaque:
            return value
        if expected.foreign(name, value):
            return Opaque(self, f"a value named {name} in place of a module")
        if expected.compares(name):
            standin = issubclass(kind, Function | Remote)
            found = comparison(name, object.__getattribute__(value, "_module") if standin else "")
            return Opaque(self, f"the notebook's own {name}") if found is None else found
        return value

    def referred(self, described: dict[str, Any]) -> Any:
        """The stand-in for a function, object or history."""
        if "history" in described:
            if self.expected is not None and self.expected.types:
                return Opaque(self, "a history, where a test may ask for its type")
            return History(described["history"], lambda reason: Opaque(self, reason))
        kind, about = next(iter(described.items()))
        if type(about) is not dict or type(about.get("ref")) is not int:
            raise WireError("a reference without a number")
        self.names[about["ref"]] = str(about.get("name"))[:100]
        if kind == "object" and type(about.get("bases")) is list:
            raisable = self.raising.class_of(about)
            if self.raising.classes.get(about["ref"]) is raisable:
                # And not a library's, which is here too.
                self.known.add(raisable, about["ref"])
            return raisable
        if kind == "object":
            self.stands()
            if self.expected is not None:
                self.expected.came.told(about.get("data"))
        elif self.expected is not None:
            self.expected.functions = True
        # What is told of an object can change, such as whether a function has names of its own.
        told = json.dumps(described, sort_keys=True)
        found = self.standins.get(told)
        if found is None:
            found = self.standin(kind, about)
            self.known.add(found, about["ref"])
            if len(self.standins) < MAX_STANDINS:
                self.standins[told] = found
        if kind == "function":
            object.__getattribute__(found, "__dict__")["_told"] = self.calls
        return found

    def standin(self, kind: str, about: dict[str, Any]) -> Any:
        """A new stand-in for a function or an object."""
        standin: Any = CallableRemote if about.get("callable") is True else Remote
        said = about.get("kind")
        module, name = "", ""
        if type(said) is list and [type(part) for part in said] == [str, str]:
            module, name = said
        if kind == "function":
            standin, module, name = Function, module or "builtins", name or "function"
        self.unreal.named.add(name.rpartition(".")[2])
        found: Any = called(standin, module, name)
        return found(self, about)

    def broke(self, reason: str) -> NoAnswer:
        """What is raised for a call without an answer; the case is not passed, whatever it does."""
        self.broken = self.broken or reason
        return NoAnswer(reason)

    def named(self, path: Any) -> None:
        """A test looks at a path.

        Raises:
            NeedsTeacher: the notebook has named or changed it, and what is here is not its file.
        """
        if not self.paths.watching:
            return
        if self.paths.rewritten(path):
            self.doubt("a test looks for a given file that the notebook has changed")
        if self.paths.named(path):
            self.doubt("a test looks for a file that the notebook names, whose files are not here")

    def audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Python is about to do something; see `sys.addaudithook`.

        Raises:
            NeedsTeacher: it is nothing that the notebook may lead to, so it is not done.
        """
        if not arguments:
            return
        if self.files is not None:
            # Not only in a case: what a test file does as it is loaded stays for all of them.
            self.files.audited(event, arguments)
        if not self.paths.watching:
            return
        if event in EVENTS:
            self.named(arguments[0])
            if event == "open":
                self.paths.open(*arguments)
        elif event in MOVES:
            self.paths.moved(arguments[1])
        elif event in CODE or event in PROGRAMS:
            tests = "" if self.expected is None else self.expected.text
            found = fault(event, arguments, sys._getframe(1), tests, self.paths)
            if found:
                self.doubt(found)

    def filled(self) -> None:
        """Stop where the tests fill in a text that may be the notebook's, and it has one that asks
        for parts of what it is filled with; or make objects of one.

        Raises:
            NeedsTeacher: so it is.
        """
        if self.expected is not None and self.expected.fills and self.paths.templates:
            self.doubt("a test fills in a text of the notebook's, which asks for more than a value")
        if self.expected is not None and self.expected.builds and self.paths.texts:
            self.doubt("a test makes objects of a text, which may be the notebook's")

    def doubt(self, reason: str, about: str = "") -> NoReturn:
        """Leave the case to a teacher; `about` is what could not be carried."""
        self.doubts.append(reason)
        raise NeedsTeacher(reason, about)

    def ask(
        self,
        ref: int,
        arguments: tuple[Any, ...],
        named: dict[str, Any],
        name: str | None = None,
        get: bool = False,
    ) -> Any:
        """Send a call and wait for its answer; both are noted for the teacher.

        Raises:
            NoAnswer: the process has ended or does not answer.
            NeedsTeacher: an argument cannot be sent.
            Exception: what the student's code raised, as the builtin class of that name, or as
                what stands for the notebook's class.
        """
        # A test may ask from several threads; one call at a time has an answer.
        with self.one_by_one:
            own = self.names.get(ref, "?")
            self.seen.asked(own if name is None else f"{own}.{name}", arguments, named)
            began = time.monotonic()
            answer, came = None, None if self.expected is None else self.expected.came
            if came is not None:
                came.here = False
            try:
                answer = self.sent(ref, arguments, named, name, get)
            except BaseException as error:
                self.seen.raised(error)
                raise
            finally:
                self.waited += time.monotonic() - began
                if came is not None:
                    came.answered(ref, name, answer)
            self.seen.answered(answer)
            return answer

    def sent(
        self,
        ref: int,
        arguments: tuple[Any, ...],
        named: dict[str, Any],
        name: str | None,
        get: bool,
    ) -> Any:
        """Send a call and wait for its answer."""
        if self.gone:
            # Nobody knows what it would have answered.
            self.doubt(self.gone)
        unseen = self.paths.look()
        if unseen:
            # What was in it may be among the arguments.
            self.doubt(unseen)
        self.differ()
        replaced = self.around.replaced()
        if replaced:
            self.doubt(f"a test replaces {replaced}, which a function elsewhere does not see")
        self.unseen = self.unseen or self.around.unseen()
        if self.expected is not None and self.expected.replaces:
            self.unseen = self.unseen or "a name of a module"
        if self.expected is not None and self.expected.logs:
            self.unseen = self.unseen or "the handlers of a logger"
        if self.shared.replaced():
            self.doubt("a test sets a variable, which a function elsewhere does not see")
        given = [*arguments, *named.values()]
        encoder = Encoder(back=self.known.sent_back)
        changed, same = self.shared.changed(encoder)
        sent = [encoder.value(item) for item in given]
        self.mixed = self.mixed or self.variables.changed() or self.views.changed()
        # Now: a function that changes them does so in the notebook too.
        self.grown = self.grown or self.shared.sets.changed()
        for item in [*sent, *(entry[1] for entry in changed)]:
            if type(item) is dict and "other" in item:
                self.doubt(
                    f"a test gives a function something that cannot be sent: {item['other']}"
                )
        positional = sent[: len(arguments)]
        pairs = [list(pair) for pair in zip(named, sent[len(arguments) :], strict=True)]
        left = max(0.1, self.case_end - time.monotonic())
        head = {"kind": "call", "ref": ref, "args": positional, "kwargs": {"dict": pairs}}
        self.calls += 1
        head |= {"name": name, "get": get, "seconds": left, "call": self.calls}
        head |= {"shared": list(self.shared.copies), "changed": changed, "same": same}
        head["twins"] = self.shared.twins(given)
        head["states"] = encoder.value(self.around.states())
        head["question"] = self.hidden
        try:
            deadline = time.monotonic() + left + GRACE
            self.channel.send_bytes(pack(Message(head, encoder.blob)), deadline)
            answer = self.channel.receive(deadline)
            while answer.kind == "answer" and answer.head.get("call") != self.calls:
                # To an earlier call, which was given up.
                answer = self.channel.receive(deadline)
            if answer.kind != "answer":
                raise WireError("not an answer")
            try:
                found = self.unpacked(answer, given)
            except NeedsTeacher:
                # Not all that it says was taken over.
                self.shared.lost()
                raise
            self.shared.prune()
            return found
        except TooSlow:
            self.shared.lost()
            self.late += 1
            if self.late == MOST_LATE:
                self.gone = "Your notebook's process did not answer in time, again and again."
            raise self.broke("Your function did not answer in time.") from None
        except WireError:
            self.gone = "Your notebook's process has ended, or gave an answer that is none."
        raise self.broke(self.gone)

    def differ(self) -> None:
        """Note for a teacher that a call finds other files than the test that makes it."""
        changed = "" if self.files is None else self.files.found()
        if changed and not self.apart:
            self.apart = (
                f"a test makes or changes {changed}, which a function elsewhere does not see"
            )
            self.doubts.append(self.apart)

    def unpacked(self, answer: Message, given: list[Any]) -> Any:
        """The value of an answer; arguments that changed are changed here too."""
        decoder = self.decoder(answer.blob)
        try:
            return self.read(answer, given, decoder)
        finally:
            if self.sets.unordered or answer.head.get("unordered") is True:
                self.shared.unordered = True

    def read(self, answer: Message, given: list[Any], decoder: Decoder) -> Any:
        """The same with a decoder for its bytes."""
        self.paths.heard([answer.head.get(name) for name in TEXTS], answer.blob)
        self.filled()
        self.paths.told(answer.head.get("files"))
        self.parted = self.parted or answer.head.get("parted") is True
        drew = answer.head.get("drew")
        if drew:
            self.around.generators.heard(drew)
        out = answer.head.get("out")
        if type(out) is str:
            sys.stdout.write(out)
        err = answer.head.get("err")
        if type(err) is str:
            sys.stderr.write(err)
        if answer.head.get("undone") is True:
            self.doubt("a test changes a value that the notebook has changed too, or sees twice")
        if answer.head.get("stale") is True:
            self.doubts.append("a function changed a variable of which the test has a copy")
        everything = [*self.shared.copies.values(), *given]
        large = answer.head.get("large") is True
        try:
            value = adopt(self, answer.head, everything, decoder)
            if answer.head.get("changed"):
                self.variables.renew()
                self.views.renew()
        except WireError:
            if not self.shared.copies:
                raise
            # A copy can have parts in other places, and less of them.
            self.doubt("a function changed a value of which the test has a copy")
        warn(answer.head.get("warned"))
        if answer.head.get("raised") is not None:
            self.keeps(answer.head.get("keeps"), given, large)
            raise self.raising.raised(answer.head, decoder)
        self.keeps(answer.head.get("keeps"), [*given, value], large)
        if answer.head.get("views") is True:
            self.views.note([value, *everything])
        if answer.head.get("cells") is True:
            self.views.note_cells([value, *everything])
        return value

    def keeps(self, said: Any, values: list[Any], large: bool) -> None:
        """The notebook keeps parts of the values of a call: the arguments, and the answer.

        Args:
            said: which, as it arrived.
            values: of the call.
            large: whether it keeps one that is too large to be followed.

        Raises:
            WireError: it says so of another.
        """
        if type(said) is not list:
            # The call was cut off.
            self.shared.lost()
            return
        self.shared.keep(said, values)
        if large:
            self.shared.large.note(values, self.calls)

    def lost(self, question: str, asked: int) -> bool:
        """Whether a value that is too large to be followed has changed, here or in the notebook.

        Args:
            question: that runs.
            asked: how many calls there were before the running case.
        """
        if self.calls == asked or self.gone or self.broken:
            return False
        if self.shared.large.changed(asked):
            return True
        head = {"kind": "lost", "question": question, "since": asked + 1, "seconds": LOOKING}
        try:
            deadline = time.monotonic() + LOOKING + GRACE
            self.channel.send_bytes(pack(Message(head)), deadline)
            answer = self.channel.receive(deadline)
            while answer.kind == "answer":
                # To a call that was given up.
                answer = self.channel.receive(deadline)
        except TooSlow:
            self.gone = "Your notebook's process did not answer in time."
            return True
        except WireError:
            self.gone = "Your notebook's process has ended, or gave an answer that is none."
            return False
        return answer.kind == "lost" and answer.head.get("lost") is True
