"""Outputs as they are published."""

from __future__ import annotations

import base64
import io
import math
from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from course import plots
from course.execution import clean

Array = np.ndarray[Any, Any]


def png(picture: Array) -> str:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def pixels(encoded: str) -> Array:
    with Image.open(io.BytesIO(base64.b64decode(encoded))) as picture:
        return np.asarray(picture.convert("RGBA"), dtype=int)


def stream(text: str, name: str = "stdout") -> Any:
    return nbformat.v4.new_output("stream", name=name, text=text)


def cleaned(*outputs: Any) -> list[Any]:
    cell = nbformat.v4.new_code_cell("1", outputs=list(outputs), execution_count=7)
    clean.clean([cell])
    assert cell.execution_count == 1
    return list(cell.outputs)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain\n", "plain\n"),
        ("10 %\r 50 %\r100 %\ndone", "100 %\ndone"),
        ("written\r\nby Windows\r\n", "written\nby Windows\n"),
        ("\x1b[1m\x1b[31mred\x1b[0m", "red"),
        ("abc\b\bxy", "axy"),
        ("\b\bstart", "start"),
        ("1/2\b\b\b\b\b\b\r2/2", "2/2"),
    ],
)
def test_a_log_reads_as_a_terminal_shows_it_in_the_end(raw: str, shown: str) -> None:
    assert clean.log(raw) == shown


@given(st.text(st.sampled_from("ab \r\n\b\x1b[0;1m"), max_size=40))
def test_any_log_becomes_plain_lines_and_cleaning_it_again_changes_nothing(text: str) -> None:
    once = clean.log(text)
    assert not set(once) & {"\r", "\b"}
    assert once.count("\n") == text.count("\n")
    assert clean.log(once) == clean.ESCAPES.sub("", once)


@given(st.text(st.characters(exclude_characters="\r\b\x1b")))
def test_a_log_without_control_characters_stays_as_it_is(text: str) -> None:
    assert clean.log(text) == text


def test_what_went_to_stderr_is_dropped_and_the_rest_joined() -> None:
    (output,) = cleaned(stream("a"), stream("warning", "stderr"), stream("b\n"))
    assert output.text == "ab\n"


def test_a_bar_that_came_in_pieces_is_cleaned_as_a_whole() -> None:
    (output,) = cleaned(stream("10 %\r"), stream("50 %"), stream("\r100 %\n"))
    assert output.text == "100 %\n"


def test_a_stream_that_shows_nothing_is_dropped() -> None:
    assert cleaned(stream("")) == []


def test_addresses_of_objects_are_dropped() -> None:
    value = nbformat.v4.new_output(
        "execute_result", {"text/plain": "<M at 0x7f00aa11bb22>"}, execution_count=7
    )
    result, text = cleaned(value, stream("<N at 0x7f00aa11bb22>\n"))
    assert (result.data["text/plain"], result.execution_count) == ("<M>", 1)
    assert text.text == "<N>\n"


def test_a_figure_keeps_its_picture_and_no_text_beside_it() -> None:
    picture = png(np.zeros((4, 4, 3), dtype=np.uint8))
    (output,) = cleaned(
        nbformat.v4.new_output("display_data", {"image/png": picture, "text/plain": "<Figure>"})
    )
    assert list(output.data) == ["image/png"]


def test_a_figure_becomes_smaller_and_looks_the_same() -> None:
    values = np.arange(20.0)
    series = {"mean": (values, values - 1, values + 2), "root": np.sqrt(values)}
    figure = plots.lines(values, series, x_label="epoch", y_label="loss")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    original = base64.b64encode(buffer.getvalue()).decode()
    small = clean.small_png(original)
    assert len(small) < 0.6 * len(original)
    assert np.abs(pixels(small) - pixels(original)).mean() < 0.5
    assert (pixels(small)[0, 0] == 255).all()  # the paper stays white


def test_a_grey_picture_keeps_its_shades() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (20, 30), dtype=np.uint8)
    grey = np.stack([picture] * 3, axis=-1)
    assert np.abs(pixels(clean.small_png(png(grey)))[..., :3] - grey).max() <= 3


def test_a_picture_never_grows() -> None:
    tiny = clean.small_png(png(np.zeros((2, 2, 3), dtype=np.uint8)))
    assert clean.small_png(tiny) == tiny


def test_a_figure_is_packed_without_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    curve = plots.lines(
        np.arange(20.0), {"root": np.sqrt(np.arange(20.0))}, x_label="x", y_label="y"
    )
    buffer = io.BytesIO()
    curve.savefig(buffer, format="png")
    figure = base64.b64encode(buffer.getvalue()).decode()
    packed = clean.small_png(figure)
    monkeypatch.setattr("oxipng.optimize_from_memory", lambda data, **_: data)
    unpacked = clean.small_png(figure)
    assert len(packed) < len(unpacked)
    assert (pixels(packed) == pixels(unpacked)).all()


def test_a_transparent_picture_stays_transparent() -> None:
    picture = np.full((8, 8, 4), 200, dtype=np.uint8)
    picture[2:4, :, 3] = 0
    assert (pixels(clean.small_png(png(picture))) == picture).all()


@given(st.integers(1, 6), st.integers(1, 6), st.randoms(use_true_random=False))
def test_any_small_picture_keeps_its_size(height: int, width: int, random: Any) -> None:
    values = [random.randrange(256) for _ in range(math.prod((height, width, 3)))]
    picture = np.array(values, dtype=np.uint8).reshape(height, width, 3)
    assert pixels(clean.small_png(png(picture))).shape[:2] == (height, width)


def test_advice_of_tensorflow_to_the_author_is_no_result() -> None:
    (shown,) = cleaned(stream("0.98\nWARNING:tensorflow:5 out of the last 5 calls …\nn = 10\n"))
    assert shown.text == "0.98\nn = 10\n"


def test_a_summary_of_keras_is_one_plain_text() -> None:
    boxes = [
        nbformat.v4.new_output(
            "display_data",
            data={"text/html": f'{clean.RICH}line-height:normal">{t}</pre>', "text/plain": t},
        )
        for t in ("Model: a\n", " Total params: 3\n")
    ]
    (shown,) = cleaned(*boxes)
    assert shown.output_type == "stream"
    assert shown.text == "Model: a\n Total params: 3\n"
