"""Uploads that began as honest ones, for fuzzing: half of them still hold a notebook."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.autograder.intake.uploaded import cell, notebook, packed

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
HONEST = notebook(
    {"cell_type": "markdown", "metadata": {}, "source": "# Title", "id": "a"},
    cell("x = 1\nprint(x)", outputs=[{"output_type": "stream", "name": "stdout", "text": "1"}]),
    cell('grader.check("q1")', id="b"),
)
sources = st.text(max_size=60) | st.lists(st.text(max_size=20), max_size=3)


@st.composite
def edited(draw: st.DrawFn) -> bytes:
    """A notebook whose cells hold arbitrary text and metadata: strange, and valid."""
    cells = draw(
        st.lists(
            st.builds(
                lambda kind, source, metadata: cell(source, cell_type=kind, metadata=metadata),
                st.sampled_from(("code", "markdown", "raw")),
                sources,
                st.dictionaries(st.text(max_size=8), json_values, max_size=3),
            ),
            max_size=5,
        )
    )
    return notebook(*cells, metadata=draw(st.dictionaries(st.text(max_size=8), json_values)))


@st.composite
def broken_inside(draw: st.DrawFn) -> bytes:
    """A notebook with one part, at any depth, replaced by another JSON value."""
    content: Any = json.loads(HONEST)
    place, key = content, draw(st.sampled_from(sorted(content)))
    while isinstance(place[key], (dict, list)) and place[key] and draw(st.booleans()):
        place = place[key]
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw(st.sampled_from(keys))
    place[key] = draw(json_values)
    return json.dumps(content).encode()


@st.composite
def spoiled(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Bytes with some replaced, inserted, removed or cut off."""
    data = bytearray(draw(whole))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        end = at + draw(st.integers(0, 8))
        data[at:end] = draw(st.binary(max_size=8))
    if draw(st.booleans()):
        del data[draw(st.integers(0, len(data))) :]
    return bytes(data)


# Python's zipfile writes a name up to its first NUL, and none that is empty then.
written = st.text(min_size=1, max_size=12).filter(lambda name: not name.startswith("\0"))
names = written | st.sampled_from(
    ("hw.ipynb", "a/hw.ipynb", "../x", "/etc/passwd", ".OTTER_LOG", "hw.zip", "x.pkl", "A", "a")
)
archives = st.builds(
    lambda files, held: packed({"hw.ipynb": held, **files}),
    st.dictionaries(names, st.binary(max_size=40), max_size=3),
    edited(),
)
uploads = st.one_of(
    edited(),
    edited().map(lambda held: packed({"hw.ipynb": held, ".OTTER_LOG": b"x"})),
    edited().map(lambda held: packed({"work/hw.ipynb": held, "data.csv": b"1"})),
    archives,
    broken_inside(),
    spoiled(st.just(HONEST)),
    spoiled(archives),
)
