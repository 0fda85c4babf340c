"""`make e2e`: Accord as people run it, on free ports and a folder of its own, taken through its
demonstration; then the tests that need a running Accord, if there are any."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
ACCORD = str(HERE / ".venv" / "bin" / "accord")
READY_SECONDS = 120
DEMO_SECONDS = 1800
END_SECONDS = 30
NO_TESTS_COLLECTED = 5


def free_ports(number: int) -> list[str]:
    probes = [socket.socket() for _ in range(number)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [str(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/v1/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def wait_until_ready(running: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not is_ready(url):
        if running.poll() is not None:
            sys.exit(f"`accord up` ended with exit code {running.returncode} before it was ready.")
        if time.monotonic() > deadline:
            sys.exit(f"Accord was not ready after {READY_SECONDS} seconds.")
        time.sleep(0.3)


def exercise(url: str, environment: dict[str, str]) -> None:
    print("The demonstration:", flush=True)
    jobs = os.environ.get("E2E_JOBS", "4")
    subprocess.run(
        [ACCORD, "demo", "run", "--url", url, "--jobs", jobs, "--quiet"],
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=DEMO_SECONDS,
        check=True,
    )
    subprocess.run([ACCORD, "verify"], env=environment, stdin=subprocess.DEVNULL, check=True)
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        print("Missing: Chromium (apt-get install chromium); the journeys in a browser did not run.")
        return
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/e2e"],
        cwd=HERE,
        env=environment | {"E2E_URL": url},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if tests.returncode not in (0, NO_TESTS_COLLECTED):
        sys.exit(tests.returncode)


def main() -> None:
    port, temporal_port = free_ports(2)
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="accord-e2e-") as folder:
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("ACCORD_", "TEMPORAL_"))},
            "ACCORD_DATA_DIR": folder,
            "ACCORD_DEMO": "1",
            "ACCORD_DEMO_PASSWORD": secrets.token_urlsafe(12),
            "ACCORD_PORT": port,
            "ACCORD_TEMPORAL_PORT": temporal_port,
        }
        running = subprocess.Popen([ACCORD, "up"], env=environment, stdin=subprocess.DEVNULL)
        try:
            wait_until_ready(running, url)
            exercise(url, environment)
        except subprocess.SubprocessError as error:
            sys.exit(f"The end-to-end run failed: {error}")
        finally:
            running.send_signal(signal.SIGTERM)
            try:
                running.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()
        code = running.returncode
        if code != 0:
            sys.exit(f"`accord up` did not end well when asked to: exit code {code}.")
    print("The end-to-end run passed.")


if __name__ == "__main__":
    main()
