"""Draws photos of letters: a card with one letter on a table, a wall or a cloth.

The letters come from the fonts that matplotlib brings (DejaVu, STIX and Computer Modern, all free).
`scene` makes what lies before the camera, and `shoot` one photo of it: two photos of one scene are
near-duplicates, as two presses of one button make them.
"""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

CLASSES = ("A", "E", "S", "X")
FONTS = (
    "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf", "DejaVuSerif.ttf",
    "DejaVuSerif-Bold.ttf", "DejaVuSansMono-Bold.ttf", "STIXGeneral.ttf", "STIXGeneralBol.ttf",
    "cmb10.ttf", "cmss10.ttf",
)
LONG, SHORT = 96, 72
# Around the photo, so that the camera can move a little.
MARGIN = 8


def scene(letter: str, rng: np.random.Generator) -> np.ndarray:
    """What lies before the camera: floats from 0 to 255, of shape (height, width, 3)."""
    width, height = (LONG, SHORT) if rng.random() < 0.5 else (SHORT, LONG)
    size = (width + 2 * MARGIN, height + 2 * MARGIN)
    picture = Image.fromarray(_ground(size, rng))
    for _ in range(rng.integers(0, 4)):
        _clutter(picture, rng)
    card, mask = _card(letter, rng)
    place = [(size[i] - card.size[i]) // 2 + int(rng.integers(-9, 10)) for i in (0, 1)]
    shadow = Image.new("RGB", card.size, (20, 20, 25))
    soft = mask.filter(ImageFilter.GaussianBlur(2)).point(lambda level: level * 0.5)
    picture.paste(shadow, (place[0] + 2, place[1] + 2), soft)
    picture.paste(card, tuple(place), mask)
    lit = np.asarray(picture, dtype=float) * _light(size, rng)
    return np.clip(lit, 0, 255)


def shoot(before: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One photo of a scene: bytes of shape (height, width, 3), moved and lit a little otherwise."""
    height, width = (n - 2 * MARGIN for n in before.shape[:2])
    top, left = MARGIN + rng.integers(-1, 2, size=2)
    seen = before[top : top + height, left : left + width]
    blurred = Image.fromarray(seen.astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(rng.uniform(0.2, 0.7))
    )
    exposed = np.asarray(blurred, dtype=float) * rng.uniform(0.92, 1.08)
    noisy = exposed + rng.normal(0, 3, exposed.shape)
    return np.clip(np.round(noisy), 0, 255).astype(np.uint8)


def _ground(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """A table, a wall or a cloth, without anything on it."""
    width, height = size
    colour = rng.uniform(50, 205, 3)
    field = _smooth(size, 6, rng)[..., None] * rng.uniform(5, 30)
    kind = rng.integers(3)
    along = np.arange(width)[None, :] + 5 * _smooth(size, 4, rng)
    across = np.arange(height)[:, None] + 5 * _smooth(size, 4, rng)
    if kind == 0:  # wood
        grain = np.sin(along * rng.uniform(0.2, 0.7) if rng.random() < 0.5 else across * 0.5)
        field = field + grain[..., None] * rng.uniform(6, 22)
    elif kind == 1:  # checked cloth
        step = rng.uniform(8, 20)
        lines = ((along // step) % 2 + (across // step) % 2 - 1)[..., None]
        field = field + lines * rng.uniform(8, 30)
    grainy = rng.normal(0, rng.uniform(1, 8), (height, width, 1))
    return np.clip(colour + field + grainy, 0, 255).astype(np.uint8)


def _smooth(size: tuple[int, int], cells: int, rng: np.random.Generator) -> np.ndarray:
    """Hills and valleys about as many as cells, from about -1 to 1."""
    rough = Image.fromarray(rng.normal(0, 0.6, (cells, cells)).astype(np.float32))
    return np.asarray(rough.resize(size, Image.Resampling.BICUBIC))


def _light(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Light from one side, and darker corners."""
    width, height = size
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    turn = rng.uniform(0, 2 * np.pi)
    side = (x * np.cos(turn) + y * np.sin(turn)) * rng.uniform(0, 0.3)
    corners = (x**2 + y**2) * rng.uniform(0, 0.15)
    warm = 1 + rng.uniform(-0.08, 0.08, 3)
    return (1 + side - corners)[..., None] * warm


def _clutter(picture: Image.Image, rng: np.random.Generator) -> None:
    """Something that lies about: a pen, a coin, a note."""
    draw = ImageDraw.Draw(picture)
    colour = tuple(int(c) for c in rng.uniform(20, 235, 3))
    x, y = rng.integers(0, picture.size[0]), rng.integers(0, picture.size[1])
    kind = rng.integers(3)
    if kind == 0:
        turn, length = rng.uniform(0, np.pi), rng.uniform(20, 60)
        end = (x + length * np.cos(turn), y + length * np.sin(turn))
        draw.line([(x, y), end], fill=colour, width=int(rng.integers(2, 6)))
    elif kind == 1:
        r = int(rng.integers(3, 9))
        draw.ellipse([x - r, y - r, x + r, y + r], fill=colour)
    else:
        w, h = rng.integers(8, 26, 2)
        draw.rectangle([x, y, x + w, y + h], fill=colour)


def _card(letter: str, rng: np.random.Generator) -> tuple[Image.Image, Image.Image]:
    """A card with a letter, turned, seen from the side and bent; and where it is opaque."""
    side = 96
    paper = rng.uniform(165, 250, 3)
    ink = rng.uniform(5, 75, 3)
    paper, ink = (tuple(int(c) for c in colour) for colour in (paper, ink))
    card = Image.new("RGB", (side, side), paper)
    path = Path(mpl.get_data_path()) / "fonts" / "ttf" / FONTS[rng.integers(len(FONTS))]
    font = ImageFont.truetype(path, int(rng.integers(66, 92)))
    middle = (side / 2 + rng.integers(-5, 6), side / 2 + rng.integers(-5, 6))
    ImageDraw.Draw(card).text(middle, letter, font=font, fill=ink, anchor="mm")
    card.putalpha(Image.new("L", (side, side), 255))
    wide = Image.new("RGBA", (side + 40, side + 40), (*paper, 0))
    wide.paste(card, (20, 20))
    turned = wide.rotate(rng.uniform(-18, 18), Image.Resampling.BICUBIC)
    bent = _bend(turned, rng)
    scale = rng.uniform(0.5, 0.7)
    small = bent.resize([int(n * scale) for n in bent.size], Image.Resampling.LANCZOS)
    return small.convert("RGB"), small.getchannel("A")


def _bend(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A view from the side, of a card that is not quite flat: a mesh of moved quadrilaterals."""
    size, parts = picture.size[0], 4
    corners = np.linspace(0, size, parts + 1)
    grid = np.stack(np.meshgrid(corners, corners, indexing="ij"), axis=-1)
    tilt = rng.normal(0, 0.1, (2, 2))
    moved = grid + (grid - size / 2) @ tilt + rng.normal(0, 2.2, grid.shape)
    mesh = []
    for i in range(parts):
        for j in range(parts):
            box = tuple(int(v) for v in (corners[i], corners[j], corners[i + 1], corners[j + 1]))
            quad = (moved[i, j], moved[i, j + 1], moved[i + 1, j + 1], moved[i + 1, j])
            mesh.append((box, tuple(float(v) for point in quad for v in point)))
    return picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)
