"""Writes the parts of docs/performance.md about many applications, and their charts, from the figures that were measured.

`python -m docs.scale` reads docs/performance/scale.json and soak.json, each written by the command that it names. What is not there yet is
left out. The rest of the document is somebody else's and stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from docs.chart import bars, lines

DOCUMENT: Final = Path(__file__).with_name("performance.md")
FIGURES: Final = Path(__file__).with_name("performance")
BEGIN: Final = "<!-- written by `python -m docs.scale` from docs/performance/*.json -->"
END: Final = "<!-- end of what docs.scale wrote -->"
Found = Mapping[str, Any]
_PROCESSES: Final = ("worker", "api", "temporal", "postgres")
_KIB: Final = 1024


def charts(figures: Mapping[str, Found]) -> dict[str, str]:
    """Name of the file -> the chart."""
    found: dict[str, str] = {}
    if curve := figures.get("scale", {}).get("opening"):
        cpu = {name: [(one["open"], one["cpu_ms"][name]) for one in curve] for name in _PROCESSES if name in curve[0]["cpu_ms"]}
        size = {name: [(one["open"], one["bytes"][name] / _KIB) for one in curve] for name in curve[0]["bytes"]}
        memory = {name: [(one["open"], one["rss_mb"][name]) for one in curve] for name in curve[0]["rss_mb"]}
        found["cpu.svg"] = lines("CPU for opening one more application, ms", "open applications", cpu, logarithmic=True)
        found["bytes.svg"] = lines("Database for one more open application, KiB", "open applications", size, logarithmic=True)
        found["memory.svg"] = lines("Resident memory, MB", "open applications", memory, logarithmic=True)
    if wave := figures.get("scale", {}).get("wave"):
        found["wave.svg"] = bars("Messages of the wave, a minute", "minute", wave["sent_by_minute"], limit=1200)
    if samples := figures.get("soak", {}).get("samples"):
        minutes = figures["soak"]["minutes"]
        told = {
            part: [((n + 1) * minutes / len(quantities["rss_mb"]), rss) for n, rss in enumerate(quantities["rss_mb"])]
            for part, quantities in samples.items()
        }
        found["soak.svg"] = lines("Resident memory, MB", "minutes", told)
    return found


def section(figures: Mapping[str, Found]) -> str:
    """What stands between the two marks."""
    scale, soak = figures.get("scale", {}), figures.get("soak", {})
    parts = [
        *(_opening(scale) if scale.get("opening") else []),
        *(_punctual(scale) if scale.get("punctual") else []),
        *(_wave(scale) if scale.get("wave") else []),
        *(_soak(soak) if soak.get("trends") else []),
    ]
    return "\n".join(parts) + "\n"


def _remade(found: Found) -> str:
    measured = found["measured"]
    return f"`{measured['command']}`, {measured['at'][:10]}, {measured['cores']} cores."


def _opening(scale: Found) -> list[str]:
    rows = [
        f"| {one['open']:,} | {one['per_second']} | {sum(one['cpu_ms'].values()):.0f} | {one['cpu_ms']['worker']:.0f} |"
        f" {sum(one['bytes'].values()) / _KIB:.1f} | {one['rss_mb']['worker']:.0f} | {one['peak_mb']['worker']:.0f} |"
        f" {one['rss_mb']['api']:.0f} | {one['load']} |"
        for one in scale["opening"]
    ]
    told = _paragraph(
        "One worker, one API process, Temporal's cluster and PostgreSQL on the same machine; encrypted, and no setting said.",
        "Each row is what one more application cost while so many were open, with its part of its candidate's run (a candidate has four),",
        "and what was resident then. Where the load is far above the number of cores, other programs had the machine too:",
        "bytes and memory do not depend on that, CPU a little, and whatever is late or per second is theirs as much as ours.",
        "With `--home FOLDER` the cluster stays there, and the next run goes on where it was ended:",
        "that is how to come to 100,000 on two cores, in parts.",
    )
    return [
        "## Scale",
        "",
        told,
        "",
        "| open | opened/s | CPU, ms | of it the worker | database, KiB | worker, MB | at most | API, MB | load |",
        "|---|---|---|---|---|---|---|---|---|",
        *rows,
        "",
        "![CPU](performance/cpu.svg) ![Database](performance/bytes.svg) ![Memory](performance/memory.svg)",
        "",
        _remade(scale),
        "",
    ]


def _punctual(scale: Found) -> list[str]:
    one = scale["punctual"]
    late, said = one["lateness_s"], one["fact_ms"]
    told = _paragraph(
        f"With {one['open']:,} open, {one['facts_per_second']} facts/s were said about any of them while",
        f"{one['due_per_second']:g} prompts/s of others fell due, all in real time.",
        f"Of {one['due']:,} prompts {one['sent']:,} were sent, {one['early']} of them early;",
        f"they were late by {late.get('p50')} s at the median, {late.get('p99')} s at p99, {late.get('max')} s at most.",
        f"A fact took {said.get('p50')} ms at the median and {said.get('p99')} ms at p99;",
        f"{one['refused']} were refused, {one['said_again']} calls had to be said again. Load {one['load']}.",
    )
    return ["### From due to sent", "", told, "", f"`{one['command']}`", ""]


def _wave(scale: Found) -> list[str]:
    one = scale["wave"]
    late, speed, others = one["lateness_s"], one["sends_per_second"], one["others"]
    told = _paragraph(
        f"{one['due']:,} applications were imported, {one['import']['per_second']} a second, whose prompts are due in the same minute.",
        f"{one['sent']:,} were sent: half of them within {late.get('p50')} s, the last after {late.get('max')} s,",
        f"the last thank-you after {one['thank_you_latest_s']} s.",
        f"The busiest stretches at the mail server: {', '.join(f'{rate}/s {window}' for window, rate in speed.items())}; 20/s were set.",
        f"Meanwhile {others['prompts']} prompts of others fell due, one every 20 s: {others['sent']} were sent,",
        f"after {others['wait_s'].get('p50')} s at the median, {others['wait_s'].get('max')} s at most. Load {one['load']}.",
    )
    return ["### Monday, eight o'clock", "", told, "", "![Messages a minute](performance/wave.svg)", "", f"`{one['command']}`", ""]


def _soak(soak: Found) -> list[str]:
    rows = [
        f"| {part} | {what} | {one['median']:,.0f} | {one['growth']:+,.1f} | {one['allowed']:,.1f} |"
        for part, quantities in soak["trends"].items()
        for what, one in quantities.items()
    ]
    told = _paragraph(
        f"{soak['minutes']:g} minutes of mixed load in fast-forward: {soak['lives']:,} whole lives of applications,",
        f"{soak['messages']:,} messages, {sum(soak['calls'].values()):,} calls.",
        "Growth is the median of the slopes between all pairs of samples, over the last two thirds of the time;",
        "no more than is allowed counts as flat. Runs in the end that are not as they should be:",
        ", ".join(f"{what} {count}" for what, count in soak["stuck"].items()) + ".",
    )
    table = ["| part | what | median | growth | allowed |", "|---|---|---|---|---|", *rows]
    return ["## Soak", "", told, "", *table, "", "![Memory](performance/soak.svg)", "", f"{_remade(soak)} Load {soak['load']}.", ""]


def _paragraph(*sentences: str) -> str:
    return " ".join(sentences)


def written(document: str, figures: Mapping[str, Found]) -> str:
    """The document with these figures in their place; at its end where it has none yet."""
    if BEGIN not in document:
        document = document.rstrip("\n") + f"\n\n{BEGIN}\n{END}\n"
    before, rest = document.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{section(figures)}\n{END}{after}"


def measured() -> dict[str, Found]:
    return {file.stem: json.loads(file.read_text()) for file in (FIGURES / "scale.json", FIGURES / "soak.json") if file.exists()}


if __name__ == "__main__":
    found = measured()
    for name, chart in charts(found).items():
        (FIGURES / name).write_text(chart, encoding="utf-8")
    there = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else "# Performance\n"
    DOCUMENT.write_text(written(there, found), encoding="utf-8")
