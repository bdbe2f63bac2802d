"""The long form of the fuzz test: `python -m tests.boards.fuzz 100000` bodies through every adapter, from a seed that it prints.

Half are samples changed in a few places, half are JSON made up of nothing. Ends with status 1 at the first body that an adapter cannot
read, that takes longer than a second, or that says a fact though it means nothing; prints the seed and the number to find it again. A body
is made of the seed and its own number alone, so that every processor can take its share of them.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace

from tests.boards.deliveries import TERMS, altered, answers, samples
from tests.boards.mutations import garbage, mutated
from workflows.boards import BOARDS
from workflows.boards.delivery import Delivery

LONGEST = 1.0
"""Seconds of the processor that one body may take."""
SHARE = 500
"""Bodies that a process takes at a time."""


def main(count: int, seed: int) -> str | None:
    """What went wrong; None where nothing did. On all processors."""
    shares = [range(first, min(first + SHARE, count)) for first in range(0, count, SHARE)]
    with ProcessPoolExecutor() as processes:
        for done in as_completed([processes.submit(read, share, seed) for share in shares]):
            if wrong := done.result():
                processes.shutdown(cancel_futures=True)
                return wrong
    return None


def read(numbers: Iterable[int], seed: int) -> str | None:
    """What went wrong with the bodies of these numbers; None where nothing did."""
    deliveries = {name: list(samples(name).values()) for name in BOARDS}
    apis = {name: answers(name) for name in BOARDS}
    for n in numbers:
        chance = random.Random(f"{seed}/{n}")  # noqa: S311 -- reproducible, not secret
        made_up = n % 2 == 1
        nonsense = json.dumps(garbage(chance, 6)).encode() if made_up else b""
        for name, board in BOARDS.items():
            sample = chance.choice(deliveries[name])
            known = {path: garbage(chance) if made_up else mutated(answer, chance) for path, answer in apis[name].items()}
            whole = sample.payload if apis[name] and chance.random() < 0.5 else mutated(sample.payload, chance)
            body = replace(Delivery.of(sample.headers, nonsense) if made_up else altered(sample, whole), fetched=known)
            began = time.process_time()
            try:
                reading = board.read(body, TERMS)
            except Exception as e:  # noqa: BLE001 -- any exception at all is what this looks for
                return f"{name} raises {type(e).__name__} at body {n} of seed {seed}"
            if time.process_time() - began > LONGEST:
                return f"{name} takes more than {LONGEST} s at body {n} of seed {seed}"
            if made_up and (reading.erased or reading.merged or any(said.facts for said in reading.said)):
                return f"{name} says something about garbage at body {n} of seed {seed}"
    return None


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    begun, chosen = time.monotonic(), int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**9)
    wrong = main(asked, chosen)
    took = time.monotonic() - begun
    right = f"{asked} bodies through {len(BOARDS)} adapters in {took:.0f} s, seed {chosen}: nothing raised, nothing made up"
    sys.stdout.write(f"{wrong or right}\n")
    sys.exit(1 if wrong else 0)
