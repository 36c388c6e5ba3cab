"""The bar: a Bolt app that remembers nothing, as the tutorial has it and tuned to its limit.

`python -m benchmarks.bare default|tuned`, with the tokens and SLACK_API_URL in the environment.
"""

import asyncio
import os
import sys
from typing import Any

import aiohttp
import uvloop
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

NEXT = "Nästa fråga: vad är målet med åtgärden?"


async def default() -> None:
    """Acks and says; nothing chosen but the address."""
    client = AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = AsyncApp(client=client)

    @app.event("message")
    async def message(say: Any) -> None:
        await say(NEXT)

    @app.action({"block_id": "answer"})
    async def press(ack: Any, say: Any) -> None:
        await ack()
        await say(NEXT)

    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()


async def tuned() -> None:
    """One session, no polling for the ack, no middleware that Socket Mode can do without."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as session:
        token = os.environ["SLACK_BOT_TOKEN"]
        client = AsyncWebClient(token, base_url=os.environ["SLACK_API_URL"], session=session)
        app = AsyncApp(
            client=client,
            process_before_response=True,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            url_verification_enabled=False,
            ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False,
        )
        running: set[asyncio.Task[Any]] = set()

        async def answer(body: dict[str, Any], ack: Any) -> None:
            await ack()
            channel = body["event"]["channel"] if "event" in body else body["channel"]["id"]
            task = asyncio.create_task(client.chat_postMessage(channel=channel, text=NEXT))
            running.add(task)
            task.add_done_callback(running.discard)

        app.event("message")(answer)
        app.action({"block_id": "answer"})(answer)
        await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()


if __name__ == "__main__":
    if sys.argv[1] == "default":
        asyncio.run(default())
    else:
        uvloop.run(tuned())
