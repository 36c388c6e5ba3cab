"""`python -m sandbox`: a local Slack on a port, until Ctrl-C or SIGTERM."""

import argparse
import asyncio
import signal
from pathlib import Path

from sandbox.server import serve
from sandbox.workspace import EXAMPLE, load


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8021)
    parser.add_argument("--state", type=Path, help="keep the state in this file")
    parser.add_argument("--workspace", type=Path, default=EXAMPLE, help="who and what there is")
    parser.add_argument("--time-scale", type=float, default=1.0, help="below 1: retries sooner")
    parser.add_argument("--request-url", help="send signed requests there instead of Socket Mode")
    parser.add_argument("--mail-port", type=int, help="be a mail server there, for every address")
    parser.add_argument("--app-clock", type=Path, help="let the app's clock be moved: this file")
    return parser.parse_args()


async def run(options: argparse.Namespace) -> None:
    """Serve until told to stop."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with serve(
        load(options.workspace),
        port=options.port,
        state=options.state,
        time_scale=options.time_scale,
        request_url=options.request_url,
        mail_port=options.mail_port,
        app_clock=options.app_clock,
    ) as site:
        print(f"Sandbox: {site.url}", flush=True)  # noqa: T201 - the address is what one starts it for
        await ended.wait()


def main() -> None:
    asyncio.run(run(_options()))


if __name__ == "__main__":
    main()
