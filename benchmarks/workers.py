"""How the grader scales over Dask workers, on this machine and in network namespaces of it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder import scores
from benchmarks import classes, clusters
from benchmarks.classes import Class
from benchmarks.clusters import HERE, Cluster, Host
from benchmarks.grading import notebooks

WORKERS = (1, 2, 4)
APART = 2


def measure(_: Path) -> None:
    """Print notebooks a minute for each number of workers, and whether the scores agree.

    The workers run already; that they import the libraries is in the figure.
    """
    with tempfile.TemporaryDirectory() as name:
        handed = classes.trained(Path(name, "class"), notebooks())
        alone, took = graded(handed, Path(name, "alone"), None)
        told(handed, "one job without Dask", took, alone, alone)
        for count in WORKERS:
            hosts = (HERE,) * count
            with clusters.cluster(Path(name, f"cluster-{count}"), hosts) as cluster:
                found, took = graded(handed, Path(name, f"out-{count}"), cluster)
            told(handed, f"{count} Dask workers", took, found, alone)
        reason = clusters.refusal()
        if reason:
            print(f"workers in network namespaces were not measured: {reason}")
            return
        with clusters.apart(APART) as (head, *hosts_apart):
            found, took = separately(handed, Path(name), head, tuple(hosts_apart))
        told(handed, f"{APART} Dask workers in network namespaces", took, found, alone)


def separately(
    handed: Class, work: Path, head: Host, hosts: tuple[Host, ...]
) -> tuple[list[dict[str, str]], float]:
    """Rows and seconds of workers that see neither the class nor its results."""
    with (
        tempfile.TemporaryDirectory() as elsewhere,
        clusters.cluster(Path(elsewhere, "cluster"), hosts, head, hidden=work) as cluster,
    ):
        return graded(handed, work / "out-apart", cluster)


def graded(handed: Class, out: Path, cluster: Cluster | None) -> tuple[list[dict[str, str]], float]:
    """Grade a class; its rows without the seconds, and how long it took."""
    command = [sys.executable, "-m", "autograder", "grade", str(handed.notebooks[0].parent)]
    command += ["--assignment", str(handed.bundle), "--out", str(out), "--mode", "warm"]
    if cluster is not None:
        command = [*cluster.head.enter, *command, "--scheduler", cluster.address]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - began
    return [{**row, "seconds": ""} for row in scores.read(out / "scores.csv")], took


def told(
    handed: Class,
    who: str,
    took: float,
    rows: list[dict[str, str]],
    alone: list[dict[str, str]],
) -> None:
    """Print a line on one measurement.

    Raises:
        RuntimeError: somebody did not get the points.
    """
    if any(float(row["score"]) != handed.points for row in rows):
        raise RuntimeError(f"{who}: {rows}")
    agree = "the same scores" if rows == alone else "OTHER SCORES than one job"
    rate = 60 * len(rows) / took
    print(f"{handed.name}, {len(rows)} notebooks, {who}: {rate:.1f} a minute, {agree}", flush=True)
