"""Shades of our colour in which it can be read, on light and on dark (WCAG: at least 4.5 to 1)."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]
READABLE = 4.6  # a little above what is asked, since shades are rounded
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
LIGHT_GROUND, DARK_GROUND = (0xF1, 0xF3, 0xF5), (0x20, 0x25, 0x2D)
INK = (0x08, 0x16, 0x28)
STEPS = 40


@dataclass(frozen=True, slots=True)
class Shades:
    """One colour as #rrggbb for text and buttons, its stronger neighbour, and what lies behind it."""

    accent: str
    strong: str
    ground: str
    on: str


def light(colour: str) -> Shades:
    """On a light page: darkened until it stands out, also from its own pale ground."""
    ground = _mixed(_read(colour), WHITE, 0.9)
    accent = _until(_read(colour), BLACK, (ground, LIGHT_GROUND, WHITE))
    return Shades(_write(accent), _write(_mixed(accent, BLACK, 0.2)), _write(ground), "#ffffff")


def dark(colour: str) -> Shades:
    """On a dark page: lightened until it stands out."""
    ground = _mixed(_read(colour), (0x19, 0x1D, 0x23), 0.85)
    accent = _until(_read(colour), WHITE, (ground, DARK_GROUND, INK))
    return Shades(_write(accent), _write(_mixed(accent, WHITE, 0.2)), _write(ground), _write(INK))


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, from 1 to 21."""
    return _contrast(_read(one), _read(other))


def _until(colour: Colour, towards: Colour, grounds: tuple[Colour, ...]) -> Colour:
    for step in range(STEPS):
        shade = _mixed(colour, towards, step / STEPS)
        if all(_contrast(shade, ground) >= READABLE for ground in grounds):
            return shade
    return towards


def _contrast(one: Colour, other: Colour) -> float:
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _mixed(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a * (1 - share) + b * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _read(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _write(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
