"""An environment of the peers' own, `.venv/peers`: made when it is first needed, from their lock.

Nothing of it comes into the project's. Where it cannot be made, the benchmarks say so and go on without.
"""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

ENVIRONMENT = Path(__file__).parents[2] / ".venv" / "peers"
LOCK = Path(__file__).with_name("requirements.lock")
_AT_MOST_S = 300


class NotHere(Exception):  # noqa: N818  it is an outcome
    """The peers cannot be installed; the text says why."""


def python() -> str:
    """The path of the environment's Python, with what the lock says. Raises NotHere."""
    found, made = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "made"
    lock = sha256(LOCK.read_bytes()).hexdigest()
    if made.is_file() and made.read_text() == lock:
        return str(found)
    print(
        f"installing what is compared with in {ENVIRONMENT.parent.name}/{ENVIRONMENT.name}",
        flush=True,
    )
    try:
        _run(sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT))
        _run(
            *(str(found), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"),
            *("--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)),
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as failure:
        raise NotHere(_why(failure)) from failure
    made.write_text(lock)
    return str(found)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=_AT_MOST_S)


def _why(failure: Exception) -> str:
    """The last line that was said, which has the cause."""
    said = getattr(failure, "stderr", None) or str(failure)
    return str(said).strip().splitlines()[-1]
