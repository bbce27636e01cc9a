"""A real Spark standalone cluster for tests: a master and two workers as processes of this machine, ended again."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyspark

HOST: Final = "127.0.0.1"
START_SECONDS: Final = 120
STOP_SECONDS: Final = 20
HOW_TO_GET_JAVA: Final = (
    "Java is not installed, so nothing was tried on a real Spark cluster. Debian and Ubuntu: "
    "`apt-get install openjdk-17-jre-headless`; Fedora: `dnf install java-17-openjdk-headless`; macOS: "
    "`brew install openjdk@17`, and set JAVA_HOME."
)
_SETTINGS: Final = {
    "spark.driver.host": HOST,
    "spark.driver.bindAddress": HOST,
    "spark.driver.memory": "700m",
    "spark.executor.memory": "600m",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.eventLog.enabled": "true",
    "spark.eventLog.compress": "false",
    "spark.eventLog.rolling.enabled": "false",
    "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
    "spark.connect.grpc.binding.address": HOST,
}
_QUICK_START: Final = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Processes that live for a minute start twice as fast without Java's second compiler."""
_FOR_FEW_ROWS: Final = {
    # More parts, and Java made for each plan, would only take time.
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": _QUICK_START,
    "spark.executor.extraJavaOptions": _QUICK_START,
}
_QUIET: Final = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c{1}: %m%n
"""


@dataclass(frozen=True)
class Cluster:
    """A running cluster, and the folder in which it tells what it carried out.

    Attributes
    ----------
    connect : where a session on it answers through Spark Connect, as long as it runs.
    """

    master: str
    connect: str
    events: Path
    environment: dict[str, str]


def has_java() -> bool:
    """Say whether Spark would find Java."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=None if home is None else str(Path(home) / "bin")) is not None


@contextmanager
def running_cluster(folder: Path, *, compiled: bool = False) -> Iterator[Cluster]:
    """Run a master and two workers of one core each, with everything they write in `folder`.

    With `compiled`, Spark makes Java of its plans, as it usually does: for more than a few thousand rows.
    """
    events = folder / "events"
    events.mkdir()
    port, page, connect = _free_port(), _free_port(), _free_port()
    settings = _SETTINGS | {"spark.connect.grpc.binding.port": str(connect), "spark.eventLog.dir": events.as_uri()}
    environment = _environment(folder, settings if compiled else settings | _FOR_FEW_ROWS)
    with ExitStack() as ended:
        names = ["--host", HOST, "--port", str(port), "--webui-port", str(page)]
        ended.enter_context(_process(folder, environment, "master", "Master", names))
        master = f"spark://{HOST}:{port}"
        for number in (1, 2):
            own = ["--host", HOST, "--cores", "1", "--memory", "1g", "--webui-port", "0"]
            place = ["--work-dir", str(folder / f"work{number}"), master]
            ended.enter_context(_process(folder, environment, f"worker{number}", "Worker", [*own, *place]))
        _wait_for_workers(f"http://{HOST}:{page}/json/", folder)
        yield Cluster(master, f"sc://{HOST}:{connect}", events, environment)


def _environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    """Return what Spark reads: its settings, without those of the machine."""
    told = folder / "conf"
    told.mkdir()
    lines = [f"{name} {value}" for name, value in settings.items()]
    (told / "spark-defaults.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (told / "log4j2.properties").write_text(_QUIET, encoding="utf-8")
    return {
        "SPARK_HOME": str(Path(pyspark.__file__).parent),
        "SPARK_CONF_DIR": str(told),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_DAEMON_JAVA_OPTS": _QUICK_START,
    }


@contextmanager
def _process(
    folder: Path, environment: dict[str, str], name: str, kind: str, arguments: list[str]
) -> Iterator[subprocess.Popen[bytes]]:
    program = Path(environment["SPARK_HOME"]) / "bin" / "spark-class"
    command = [str(program), f"org.apache.spark.deploy.{kind.lower()}.{kind}", *arguments]
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | environment, stdout=log, stderr=log, cwd=folder)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for_workers(page: str, folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while _workers(page) < 2:
        if time.monotonic() > until:
            logs = {log.name: log.read_text(errors="replace")[-500:] for log in folder.glob("*.log")}
            raise TimeoutError(f"the Spark cluster did not start within {START_SECONDS} seconds: {logs}")
        time.sleep(0.2)


def _workers(page: str) -> int:
    """Count the workers that the master knows; none while it does not answer."""
    try:
        with urllib.request.urlopen(page, timeout=5) as answer:
            return sum(worker["state"] == "ALIVE" for worker in json.load(answer)["workers"])
    except OSError:
        return 0
