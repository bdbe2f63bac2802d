"""The long form: `python -m tests.chaos --seed 1 --count 20 --applications 500`; ends with status 1 where any books disagree.

A world, what is said in it and the order of the faults are made of the seed alone; on what they fall is the machine's. `--break NAME` does
the same in a copy with a deliberate bug until it is found: then status 0 is for found.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import sys

from rich.console import Console
from rich.progress import Progress
from temporalio.runtime import Runtime, TelemetryConfig

from tests.chaos.breaks import BREAKS, broken
from tests.chaos.world import Verdict, ordeal


def line(verdict: Verdict) -> str:
    found = len(verdict.discrepancies)
    return (
        f"seed {verdict.seed}: {verdict.applications} applications, {verdict.facts} facts acknowledged in {verdict.said} calls, "
        f"{verdict.letters} letters and {verdict.uncertain} of unknown fate, {verdict.faults} faults, {verdict.seconds:.0f} s: "
        f"{f'{len(verdict.astray)} not judged, their test clock went astray: ' if verdict.astray else ''}"
        f"{f'{found} DISCREPANCIES' if found else 'the books agree'}"
    )


def main(asked: argparse.Namespace) -> int:
    if asked.broken:
        named = {"seed": asked.seed, "count": asked.count, "applications": asked.applications, "rest": asked.rest}
        return broken(asked.broken, [*(f"--{name}={value}" for name, value in named.items()), "--until-found"])
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=None)))  # a server that is gone is no news here
    out, failed = Console(stderr=True), False
    for seed in range(asked.seed, asked.seed + asked.count):
        with Progress(console=out, transient=True) as bar:
            task = bar.add_task(f"seed {seed}", total=asked.applications)
            verdict = asyncio.run(ordeal(seed, asked.applications, rest=asked.rest, walked=lambda: bar.advance(task)))  # noqa: B023 -- run at once
        if asked.json:
            sys.stdout.write(json.dumps(dataclasses.asdict(verdict)) + "\n")
        else:
            sys.stdout.write(line(verdict) + "\n")
            sys.stdout.writelines(f"  {one}\n" for one in verdict.discrepancies)
        if verdict.discrepancies:
            failed = True
            sys.stdout.write(f"  again: python -m tests.chaos --seed {seed} --count 1 --applications {asked.applications}\n")
        sys.stdout.flush()
        if failed and asked.until_found:
            break
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20, help="seeds")
    parser.add_argument("--applications", type=int, default=500)
    parser.add_argument("--rest", type=float, default=4, help="seconds between two faults of a kind, about")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--until-found", action="store_true", help="end with the first seed that fails")
    parser.add_argument("--break", dest="broken", choices=sorted(BREAKS), help="with that bug, in a copy")
    status = main(parser.parse_args())
    sys.stdout.flush()
    os._exit(status)  # the SDK's threads may abort an interpreter that is taken down around them
