"""A Spark standalone cluster of two workers gives what Polars gives, and nothing gathers on one of them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from crmdash.cli import main
from crmdash.engine import EngineError, open_engine
from crmdash.engine.spark import spark_engine
from tests.spark_cluster import HOW_TO_GET_JAVA, Cluster, has_java, running_cluster
from tests.unit.engine.compared import ORDERS, clean, evaluated, here, tables_of

_NODE: Final = re.compile(r"^(?P<depth>[ :+-]*)(?:\* )?(?P<name>[A-Za-z]+)[^()]*(?:\(\d+\) )?\((?P<number>\d+)\)$")
_SINGLE: Final = re.compile(r"^\((\d+)\) Exchange\n(?:.+\n)*?Arguments: SinglePartition", re.MULTILINE)
_RANGED: Final = re.compile(r"^Arguments: rangepartitioning", re.MULTILINE)
WRAPPING: Final = ("AQEShuffleRead", "ShuffleQueryStage", "InputAdapter", "WholeStageCodegen", "Project", "Filter")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One cluster, and one session on it that all tests here share."""
    if not has_java():
        pytest.fail(HOW_TO_GET_JAVA)
    with pytest.MonkeyPatch.context() as patch, running_cluster(tmp_path_factory.mktemp("spark")) as started:
        for name, value in started.environment.items():
            patch.setenv(name, value)
        with spark_engine(started.master):
            yield started


@pytest.fixture(scope="module")
def sample(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's order lines, evaluated on the cluster: the folder with the result."""
    out = tmp_path_factory.mktemp("sample")
    evaluated(ORDERS, out, "--engine", "spark", "--spark-master", cluster.master)
    return out


def on_spark(files: tuple[str, ...], folder: Path, cluster: Cluster) -> dict[str, object]:
    return tables_of(evaluated(files, folder, "--engine", "spark", "--spark-master", cluster.master))


def test_the_sample(sample: Path):
    tables, customers = here(ORDERS)
    assert tables_of(json.loads((sample / "summary.json").read_text(encoding="utf-8"))) == tables
    written = pl.read_parquet(sample / "customers.parquet" / "*.parquet").sort("customer_id")
    labels = ("customer_id", "tier", "stage", "strategy", "reason_code")
    assert written.select(labels).equals(customers.sort("customer_id").select(labels))


def test_superstore_from_its_csv(cluster: Cluster, shared_datasets: Path, tmp_path: Path):
    files = (str(shared_datasets / "superstore" / "superstore.csv"),)
    assert on_spark(files, tmp_path, cluster) == here(files)[0]


def test_cdnow_summarised_first(cluster: Cluster, shared_datasets: Path, tmp_path: Path):
    files = (clean(shared_datasets / "cdnow" / "CDNOW_master.txt", tmp_path),)
    stored, more = str(tmp_path / "customers"), ("--engine", "spark", "--spark-master", cluster.master)
    assert main(["summarise", *files, *more, "--out", stored]) == 0
    there = on_spark((stored,), tmp_path / "there", cluster)
    assert there == here(files)[0] | {name: there[name] for name in ("rows", "rows_used", "rows_set_aside")}


def test_through_spark_connect_without_java(cluster: Cluster, tmp_path: Path):
    # In a process of its own, because one that holds a session cannot become a client; and without the cluster's names.
    environment = {name: value for name, value in os.environ.items() if name not in cluster.environment}
    few, out = str(tmp_path / "orders.parquet"), tmp_path / "out"
    pl.read_parquet(ORDERS[0], columns=["customer_id", "date", "amount", "cost"]).write_parquet(few)
    command = ["evaluate", few, "--engine", "spark", "--spark-master", cluster.connect, "--out", str(out)]
    subprocess.run(
        [sys.executable, "-m", "crmdash", *command], env=environment | {"JAVA_HOME": str(tmp_path)}, check=True
    )
    assert tables_of(json.loads((out / "summary.json").read_text(encoding="utf-8"))) == here((few,))[0]


@pytest.mark.usefixtures("sample")
def test_nothing_is_sorted_or_windowed_on_one_worker(cluster: Cluster):
    plans = plans_of(cluster)
    assert len(plans) > 10
    assert not [plan for plan in plans if _RANGED.search(plan)]
    above = {name for plan in plans for name in above_single_partitions(plan)}
    assert above <= {"HashAggregate", "ObjectHashAggregate", "SortAggregate"}
    assert "HashAggregate" in above


def test_the_look_into_plans_finds_what_gathers():
    plan = """== Physical Plan ==
AdaptiveSparkPlan (5)
+- == Initial Plan ==
   Window (4)
   +- Sort (3)
      +- Exchange (2)
         +- Scan parquet  (1)

(2) Exchange
Input [1]: [value#1]
Arguments: SinglePartition, ENSURE_REQUIREMENTS, [plan_id=1]
"""
    assert above_single_partitions(plan) == ["Sort"]


def test_an_unknown_table(cluster: Cluster, tmp_path: Path):
    with pytest.raises(EngineError, match="no_such"), open_engine("spark", master=cluster.master) as engine:
        engine.named("no_such_table")


def plans_of(cluster: Cluster) -> list[str]:
    """Return the plan of everything that the cluster was asked to carry out, as it was first made."""
    plans = []
    for log in cluster.events.iterdir():
        for line in log.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            if event["Event"].endswith("SparkListenerSQLExecutionStart"):
                plans.append(event["physicalPlanDescription"])
    return plans


def above_single_partitions(plan: str) -> list[str]:
    """Return the step that takes up each exchange that brings everything to one worker."""
    tree, _, _ = plan.partition("\n\n")
    nodes = [
        (len(found["depth"]), found["name"], found["number"]) for found in map(_NODE.match, tree.splitlines()) if found
    ]
    single = set(_SINGLE.findall(plan))
    takers = []
    for place, (depth, _, number) in enumerate(nodes):
        if number in single:
            chain = ancestors(nodes[:place], depth)
            takers.append(next((name for name in chain if name not in WRAPPING), "nothing"))
    return takers


def ancestors(nodes: list[tuple[int, str, str]], depth: int) -> Iterator[str]:
    """Yield the names above a step at `depth`, the nearest first."""
    for above, name, _ in reversed(nodes):
        if above < depth:
            depth = above
            yield name
