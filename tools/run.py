"""Start the app on this machine, at port 8501 or the next free one, and say where.

``PORT=9000 python tools/run.py`` asks for a certain port and fails if it is taken. Files named behind it are open in
every tab from the start, however large: ``python tools/run.py customers.parquet``. A folder is its Parquet files.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path

HOST = "127.0.0.1"
FIRST_PORT = 8501
PORTS_TRIED = 50
ROOT = Path(__file__).resolve().parent.parent


def is_free(port: int) -> bool:
    """Say whether a server could listen at `port` of this machine."""
    with socket.socket() as probe:
        if os.name != "nt":
            # As the server itself does: a port that a closed server only just left is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose_port(asked: str | None) -> int:
    """Return the port that was asked for, or else the first free one from 8501 on.

    Raises
    ------
    SystemExit
        If that port, or every one tried, is taken.
    """
    if asked:
        if not asked.isdigit() or not is_free(int(asked)):
            raise SystemExit(f"Port {asked} cannot be used. Choose another, or leave PORT out to get a free one.")
        return int(asked)
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if is_free(port):
            return port
    raise SystemExit(f"Ports {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} are all taken. Name a free one: PORT=9000")


def environment(files: list[str]) -> dict[str, str]:
    """Return the environment in which the app opens `files`; without any, what was there stays.

    Raises
    ------
    SystemExit
        If one of them is no file, and no folder with Parquet files.
    """
    for file in files:
        if not Path(file).is_file() and not any(Path(file).glob("*.parquet")):
            raise SystemExit(f"{file} is no file, and no folder with Parquet files.")
    given = os.pathsep.join(str(Path(file).resolve()) for file in files)
    return os.environ | ({"CRMDASH_OPEN": given} if given else {})


def main() -> int:
    """Run the app until it is stopped and return its exit code."""
    variables = environment(sys.argv[1:])
    port = choose_port(os.environ.get("PORT"))
    if port != FIRST_PORT and not os.environ.get("PORT"):
        print(f"Port {FIRST_PORT} is taken, so this is port {port}.")
    print(f"crmdash: http://{HOST}:{port}  (stop it with Ctrl+C)", flush=True)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.address", HOST]
    os.chdir(ROOT)
    if os.name == "nt":
        return subprocess.run(command, check=False, env=variables).returncode
    # The app takes this process's place, so that whoever ends this process ends the app.
    os.execve(sys.executable, command, variables)


if __name__ == "__main__":
    raise SystemExit(main())
