"""`make e2e`: Accord as people run it, on free ports and a folder of its own, taken through its
demonstration; then the tests of tests/e2e, in which a real browser uses it.

The browser is the system's Chromium. Where it or something else is missing, this says what, and
fails: a run without the browser's tests is no run.
"""

import hashlib
import os
import secrets
import shlex
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

import assets

HERE = Path(__file__).resolve().parents[1]
ACCORD = str(HERE / ".venv" / "bin" / "accord")
TOOLS = HERE / "tests" / "e2e" / "tools"
INSTALLED = HERE / "build" / "e2e"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
READY_SECONDS = 120
DEMO_SECONDS = 1800
END_SECONDS = 30


def browser() -> str:
    """The program of the browser."""
    found = [path for each in BROWSERS if (path := shutil.which(each))]
    if not found:
        sys.exit(
            "Missing: Chromium. On Debian and Ubuntu: apt-get install chromium fonts-noto-core "
            "(bash .ci/browser.sh does it). Nothing was tested."
        )
    return found[0]


def tools() -> Path:
    """axe and the validator of HTML, from npm by their lock; installed once."""
    wanted = hashlib.sha256((TOOLS / "package-lock.json").read_bytes()).hexdigest()
    mark = INSTALLED / ".lock"
    if not (mark.is_file() and mark.read_text() == wanted):
        print("Bringing axe and the validator of HTML ...", flush=True)
        try:
            assets.install(TOOLS, INSTALLED)
        except (OSError, subprocess.SubprocessError):
            sys.exit(
                "Missing: axe and the validator of HTML, which npm could not bring "
                "(tests/e2e/tools/package.json). Nothing was tested."
            )
        mark.write_text(wanted)
    return INSTALLED / "node_modules"


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
    verify(environment)
    print("The browser:", flush=True)
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/e2e", *sys.argv[1:]],
        cwd=HERE,
        env=environment | {"E2E_URL": url},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if tests.returncode != 0:
        sys.exit(tests.returncode)
    verify(environment)


def verify(environment: dict[str, str]) -> None:
    subprocess.run([ACCORD, "verify"], env=environment, stdin=subprocess.DEVNULL, check=True)


def main() -> None:
    port, temporal_port = free_ports(2)
    url = f"http://127.0.0.1:{port}"
    needed = {
        "E2E_BROWSER": browser(),
        "E2E_TOOLS": str(tools()),
        "E2E_NODE": shlex.join(assets.of_node("node")),
    }
    with tempfile.TemporaryDirectory(prefix="accord-e2e-") as folder:
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("ACCORD_", "TEMPORAL_"))},
            **needed,
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
