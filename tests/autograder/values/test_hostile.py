"""Whatever arrives, it becomes a value of the vocabulary or an error that is expected."""

from __future__ import annotations

import json
import os
import struct
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.values.decode import TAGS, Decoder
from autograder.values.wire import Channel, Closed, Message, TooSlow, WireError, pack


def decoded(node: Any, blob: bytes = b"") -> Any:
    return Decoder(blob, lambda about: about, lambda why: why).value(node)


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
nodes = st.recursive(
    leaves | st.sampled_from(["<f8", "|O", "<U3", "|S1", "<m8[ns]", "object", "Int64"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*sorted(TAGS), "as", "shape", "numbers", "items", "dtype", "column"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=25,
)


@given(nodes, st.binary(max_size=64))
def test_any_json_is_a_value_or_malformed(node: Any, blob: bytes) -> None:
    try:
        decoded(node, blob)
    except WireError:
        return


@pytest.mark.parametrize(
    "node",
    [
        {"array": ["|O", [1], 0]},
        {"array": ["<f8", [1 << 39, 1 << 39], 0]},
        {"array": ["<f8", [-1], 0]},
        {"array": ["<f8", [3], 0]},
        {"array": ["<f8", [1], -8]},
        {"scalar": ["<f8", 0, 4]},
        {"objects": [1, 2], "shape": [3]},
        {"int": "0x" + "f" * 40_000},
        {"nan": 2},
        {"class": "object"},
        {"class": "numpy.ndarray"},
        {"class": "ValueError"},
        {"class": "os.system"},
        {"class": "pandas.read_pickle"},
        {"class": ".int"},
        {"class": "numpy."},
        {"class": ["int"]},
        {"dtype": "|V8"},
        {"dtype": "object"},
        {"dtype": ["<f8"]},
        {"extension": {"numbers": {"function": {"ref": 0}}}},
        {"extension": {"numbers": {"scalar": ["<i1", 0, 1]}}},
        {"extension": {"codes": 3, "categories": {"range": [0, 1, 1, None]}}},
        {"extension": 3},
        {"nan": "numpy"},
        {"stamp": ["Timestamp", "2024-05-01", "weeks", ""]},
        {"stamp": ["Timestamp", "2024-05-01", "", "Europe/Berlin"]},
        {"stamp": ["Timestamp", "2024-05-01T00:00Z", "", "../zones"]},
        {"stamp": ["Timestamp", "2024-05-01T00:00Z", "", "Nowhere/At_All"]},
        {"dict": [[[], 1]]},
        {"range": [0, 1, 0]},
        {"__class__": 1},
        {"node": 1},
        {"take": [0, 1]},
        [
            [
                [
                    [
                        [
                            [
                                [
                                    [
                                        [
                                            [
                                                [
                                                    [
                                                        [
                                                            [
                                                                [
                                                                    [
                                                                        [
                                                                            [
                                                                                [
                                                                                    [
                                                                                        [
                                                                                            [
                                                                                                [
                                                                                                    [
                                                                                                        [
                                                                                                            [
                                                                                                                [
                                                                                                                    [
                                                                                                                        [
                                                                                                                            [
                                                                                                                                [
                                                                                                                                    [
                                                                                                                                        [
                                                                                                                                            [
                                                                                                                                                [
                                                                                                                                                    [
                                                                                                                                                        [
                                                                                                                                                            [
                                                                                                                                                                [
                                                                                                                                                                    [
                                                                                                                                                                        [
                                                                                                                                                                            [
                                                                                                                                                                                [
                                                                                                                                                                                    [
                                                                                                                                                                                        [
                                                                                                                                                                                            [
                                                                                                                                                                                                [
                                                                                                                                                                                                    1
                                                                                                                                                                                                ]
                                                                                                                                                                                            ]
                                                                                                                                                                                        ]
                                                                                                                                                                                    ]
                                                                                                                                                                                ]
                                                                                                                                                                            ]
                                                                                                                                                                        ]
                                                                                                                                                                    ]
                                                                                                                                                                ]
                                                                                                                                                            ]
                                                                                                                                                        ]
                                                                                                                                                    ]
                                                                                                                                                ]
                                                                                                                                            ]
                                                                                                                                        ]
                                                                                                                                    ]
                                                                                                                                ]
                                                                                                                            ]
                                                                                                                        ]
                                                                                                                    ]
                                                                                                                ]
                                                                                                            ]
                                                                                                        ]
                                                                                                    ]
                                                                                                ]
                                                                                            ]
                                                                                        ]
                                                                                    ]
                                                                                ]
                                                                            ]
                                                                        ]
                                                                    ]
                                                                ]
                                                            ]
                                                        ]
                                                    ]
                                                ]
                                            ]
                                        ]
                                    ]
                                ]
                            ]
                        ]
                    ]
                ]
            ]
        ],
    ],
)
def test_what_cannot_be_is_refused(node: Any) -> None:
    with pytest.raises(WireError):
        decoded(node, b"12345678")


def channel() -> tuple[Channel, int]:
    reading, writing = os.pipe()
    return Channel(reading, -1), writing


def test_a_message_arrives() -> None:
    ours, theirs = channel()
    os.write(theirs, pack(Message({"kind": "call", "args": [1]}, b"abc")))
    assert ours.receive() == Message({"kind": "call", "args": [1]}, b"abc")


@pytest.mark.parametrize(
    "data",
    [
        b"x" * 16,
        struct.pack("!4sIQ", b"agr1", 1 << 30, 0),
        struct.pack("!4sIQ", b"agr1", 2, 1 << 40),
        struct.pack("!4sIQ", b"agr1", 2, 0) + b"[]",
        struct.pack("!4sIQ", b"agr1", 3, 0) + b"{{{",
        struct.pack("!4sIQ", b"agr1", 100_000, 0) + b"[" * 100_000,
        struct.pack("!4sIQ", b"agr1", 9_000, 0) + b'{"a":' + b"1" * 8_994 + b"}",
    ],
    ids=["noise", "long text", "long blob", "no object", "no json", "deep", "long number"],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    ours, theirs = channel()
    for start in range(0, len(data), 4096):
        if start < 60_000:
            os.write(theirs, data[start : start + 4096])
    os.close(theirs)
    with pytest.raises(WireError):
        ours.receive()


def test_silence_and_the_end_are_told_apart() -> None:
    ours, theirs = channel()
    with pytest.raises(TooSlow):
        ours.receive(time.monotonic() + 0.01)
    os.close(theirs)
    with pytest.raises(Closed):
        ours.receive(time.monotonic() + 1)


def test_a_message_too_large_is_not_sent() -> None:
    with pytest.raises(WireError, match="too large"):
        pack(Message({"text": "x" * (17 << 20)}))
    assert json.loads(pack(Message({"a": 1}))[16:]) == {"a": 1}
