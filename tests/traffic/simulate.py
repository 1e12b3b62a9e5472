"""Simulation of honest traffic, batch by batch in several processes, with the sum of the results."""

from __future__ import annotations

import heapq
import multiprocessing
import random
import sys
from concurrent.futures import ProcessPoolExecutor

import honest_ministry
from border_world import Count, World
from journeys import SHARES
from office import DAY, NOW
from proof import size
from rich.progress import track

JOURNEYS, DAYS = size(300, 1000), 14  # a batch: the journeys that begin within these days


def batch(seed: str, journeys: int = JOURNEYS) -> Count:
    """One country for some weeks, from this seed."""
    rng = random.Random(seed)
    world = World(rng, DAYS)
    weights, kinds = zip(*SHARES, strict=True)
    honest_ministry.register_operations(world)
    begun = [(honest_ministry.office_hour(rng, DAYS), n, rng.choices(kinds, weights)[0]) for n in range(journeys)]
    due = [(at, n, kind(world)) for at, n, kind in begun]
    heapq.heapify(due)
    rotation = NOW + rng.randint(2, DAYS) * DAY
    while due:
        at, n, journey = heapq.heappop(due)
        at = max(at, world.now)
        if world.now < rotation <= at:
            world.at(rotation)
            world.rotate_keys()
        world.at(at)
        wake = next(journey, None)
        if wake is not None:
            heapq.heappush(due, (wake, n, journey))
    world.at(world.now + 4 * DAY)  # every device is back online
    world.count.journeys = journeys
    world.count.flags, world.count.flags_of_mistakes = honest_ministry.flagged(world)
    return world.count


def run(seed: str, scans: int, workers: int) -> Count:
    """At least so many scans, each batch with its own seed."""
    total = Count()
    if workers == 1:
        n = 0
        while total.scans < scans:
            total.add(batch(f"{seed} {n}"))
            n += 1
        return total
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        n = 0
        while total.scans < scans:
            size = max(workers, round((scans - total.scans) * n / total.scans) + 1) if n else workers
            seeds = [f"{seed} {n + i}" for i in range(size)]
            n += size
            for count in track(pool.map(batch, seeds), "honest traffic", size, disable=not sys.stderr.isatty()):
                total.add(count)
    return total
