"""Small charts as SVG: text, so that a change of a figure is a change of a line. Colours are readable on light and on dark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 40, 64
INK: Final = "#7a7a7a"
COLOURS: Final = ("#2f7ed8", "#d9822b", "#3a9d5d", "#b0467b", "#8a6fd1")
STEPS: Final = (1, 2, 2.5, 5, 10)
LINES: Final = 5


def lines(title: str, across: str, series: Mapping[str, Points], *, logarithmic: bool = False) -> str:
    """Lines through points, from nought up; `logarithmic` is the axis below."""
    points = [point for one in series.values() for point in one]
    chart = _Chart(title, across, [x for x, _ in points], max((y for _, y in points), default=1.0), logarithmic=logarithmic)
    for (name, one), colour in zip(series.items(), COLOURS, strict=False):
        places = [(chart.x(x), chart.y(y)) for x, y in one]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        chart.parts.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(one) <= 12:  # more would hide the line
            chart.parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        chart.legend(name, colour)
    return chart.drawn()


def bars(title: str, across: str, values: Sequence[float], limit: float | None = None) -> str:
    """A bar for each, numbered from 1; `limit` is a line across."""
    top = max([*values, limit or 0.0], default=1.0)
    chart = _Chart(title, across, [0.5, len(values) + 0.5], top, logarithmic=False)
    wide = 0.8 * (chart.x(2) - chart.x(1))
    for number, value in enumerate(values, 1):
        left, above = chart.x(number) - wide / 2, chart.y(value)
        chart.parts.append(
            f'<rect x="{left:.1f}" y="{above:.1f}" width="{wide:.1f}" height="{chart.y(0) - above:.1f}" fill="{COLOURS[0]}"/>'
        )
    if limit:
        height = chart.y(limit)
        chart.parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height:.1f}" y2="{height:.1f}" stroke="{COLOURS[1]}"/>')
    return chart.drawn()


class _Chart:
    """Axes and where things are on them."""

    def __init__(self, title: str, across: str, xs: Sequence[float], top: float, *, logarithmic: bool) -> None:
        self._logarithmic = logarithmic
        self._first, self._last = min(xs, default=0.0), max(xs, default=1.0)
        if self._first == self._last:
            self._last = self._first + 1
        self._step = _step(top)
        self._top = self._step * max(math.ceil(top / self._step), 1)
        self._named = 0
        self.parts = [
            f'<text x="{LEFT}" y="20" font-size="14">{escape(title)}</text>',
            *self._grid(),
            *self._below(sorted(set(xs)), across),
        ]

    def x(self, value: float) -> float:
        first, last, at = (math.log10(v) if self._logarithmic else v for v in (self._first, self._last, value))
        return LEFT + (WIDTH - LEFT - RIGHT) * (at - first) / (last - first)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self._top

    def legend(self, name: str, colour: str) -> None:
        at = LEFT + self._named * 120
        self.parts.append(f'<rect x="{at}" y="{HEIGHT - 16}" width="10" height="10" fill="{colour}"/>')
        self.parts.append(f'<text x="{at + 14}" y="{HEIGHT - 7}">{escape(name)}</text>')
        self._named += 1

    def drawn(self) -> str:
        inside = "\n".join(self.parts)
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        return f'{head} font-family="sans-serif" font-size="11" fill="{INK}">\n{inside}\n</svg>\n'

    def _grid(self) -> list[str]:
        found: list[str] = []
        for number in range(round(self._top / self._step) + 1):
            value = number * self._step
            height = self.y(value)
            found.append(
                f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height:.1f}" y2="{height:.1f}" stroke="{INK}" stroke-opacity="0.3"/>'
            )
            found.append(f'<text x="{LEFT - 8}" y="{height + 4:.1f}" text-anchor="end">{value:,.4g}</text>')
        return found

    def _below(self, xs: Sequence[float], across: str) -> list[str]:
        if self._logarithmic:
            marks = list(xs)
        else:
            step = _step(self._last - self._first)
            marks = [step * n for n in range(math.ceil(self._first / step), math.floor(self._last / step) + 1)]
        baseline = HEIGHT - BOTTOM
        return [
            *(f'<text x="{self.x(x):.1f}" y="{baseline + 16}" text-anchor="middle">{x:,.6g}</text>' for x in marks),
            f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{baseline + 34}" text-anchor="middle">{escape(across)}</text>',
        ]


def _step(span: float) -> float:
    """A round distance of lines, of which a few fit."""
    rough = max(span, 1e-9) / LINES
    size = 10 ** math.floor(math.log10(rough))
    return next(step * size for step in STEPS if step * size >= rough * (1 - 1e-9))
