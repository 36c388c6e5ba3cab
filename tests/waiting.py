"""Waits until something is so, and says when it never was."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(what: Callable[[], Awaitable[T]], *, seconds: float = 15, of: str = "") -> T:
    """What `what` gives, as soon as that is something. `of` names it, should it never come."""
    found: T | None = None
    try:
        async with asyncio.timeout(seconds):
            while not (found := await what()):  # noqa: ASYNC110  nobody tells us
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"{of or 'it'} never came; last seen: {found!r}") from None
    return found
