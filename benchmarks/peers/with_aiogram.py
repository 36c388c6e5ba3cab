"""The form in aiogram, as its tutorial has it: a state per question, data and state in a storage.

aiogram ships no storage on SQLite. This one is the least that one can do with the standard library's
driver and lose nothing: WAL and synchronous=FULL as ours, in the event loop, without a thread between.
`python -m benchmarks.peers.with_aiogram seed|run`, with the number of conversations or TELEGRAM_API_URL.
"""

import json
import os
import sqlite3
import sys
from collections.abc import Mapping
from typing import Any

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey
from aiogram.types import Message

from benchmarks.peers.form import QUESTIONS, STOOD_AT, answered, field

FILE = "aiogram.db"
BOT = 42
Form = type("Form", (StatesGroup,), {f"question_{n}": State() for n in range(len(QUESTIONS))})
STATES: tuple[State, ...] = Form.__states__


class SQLiteStorage(BaseStorage):
    """Each conversation's state and data in a row; every change is committed before it is done."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS conversations (bot INTEGER, chat INTEGER, user INTEGER,"
            " state TEXT, data TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (bot, chat, user))"
        )

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        value = state.state if isinstance(state, State) else state
        self._put("state", key, value)

    async def get_state(self, key: StorageKey) -> str | None:
        return self._get("state", key)

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        self._put("data", key, json.dumps(data))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return json.loads(self._get("data", key) or "{}")

    async def close(self) -> None:
        self._db.close()

    def seed(self, conversations: int) -> None:
        """So many people who have answered some of the questions."""
        state = STATES[STOOD_AT].state
        rows = (
            (BOT, number, number, state, json.dumps(answered(number)))
            for number in range(1, conversations + 1)
        )
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO conversations VALUES (?, ?, ?, ?, ?)", rows)
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _put(self, column: str, key: StorageKey, value: str | None) -> None:
        self._db.execute(
            f"INSERT INTO conversations (bot, chat, user, {column}) VALUES (?, ?, ?, ?)"
            f" ON CONFLICT DO UPDATE SET {column} = excluded.{column}",
            (key.bot_id, key.chat_id, key.user_id, value),
        )

    def _get(self, column: str, key: StorageKey) -> str | None:
        query = f"SELECT {column} FROM conversations WHERE bot = ? AND chat = ? AND user = ?"
        row = self._db.execute(query, (key.bot_id, key.chat_id, key.user_id)).fetchone()
        return row and row[0]


def dispatcher(path: str) -> Dispatcher:
    """A handler for each question, which keeps the answer and asks the next one."""
    found = Dispatcher(storage=SQLiteStorage(path))

    def ask_after(number: int) -> None:
        following = (number + 1) % len(QUESTIONS)

        async def answer(message: Message, state: FSMContext) -> None:
            await state.update_data({field(number): message.text})
            await state.set_state(STATES[following])
            await message.answer(QUESTIONS[following])

        found.message.register(answer, STATES[number])

    for number in range(len(QUESTIONS)):
        ask_after(number)
    return found


async def run() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"]))
    await dispatcher(FILE).start_polling(Bot(os.environ["TELEGRAM_TOKEN"], session=session))


if __name__ == "__main__":
    if sys.argv[1] == "seed":
        SQLiteStorage(FILE).seed(int(sys.argv[2]))
    else:
        uvloop.run(run())
