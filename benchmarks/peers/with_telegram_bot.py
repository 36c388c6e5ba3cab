"""The form in python-telegram-bot: ConversationHandler and PicklePersistence, written at each answer.

Left to itself it writes once a minute and loses what came since. Here the question is asked by a
handler of the next group, when the conversation's new state is known, and everything is written first.
`python -m benchmarks.peers.with_telegram_bot seed|run`, with the number of conversations or TELEGRAM_API_URL.
"""

import asyncio
import os
import pickle
import sys
from collections.abc import Awaitable, Callable

import uvloop
from telegram import Update
from telegram.ext import (
    Application,
    CallbackContext,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from benchmarks.peers.form import QUESTIONS, STOOD_AT, answered, field

FILE, NAME = "telegram", "form"
Answer = Callable[[Update, CallbackContext], Awaitable[int]]


def answer_to(number: int) -> Answer:
    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        following = (number + 1) % len(QUESTIONS)
        context.user_data[field(number)] = update.message.text
        context.user_data["asked"] = following
        return following

    return answer


async def ask(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Write what was answered and where the conversation stands; then ask."""
    application = context.application
    application.mark_data_for_update_persistence(user_ids=update.effective_user.id)
    await application.update_persistence()
    await update.message.reply_text(QUESTIONS[context.user_data["asked"]])


def application() -> Application:
    address = os.environ["TELEGRAM_API_URL"]
    # A file for each kind of data: half of what one file for everything costs.
    kept = PicklePersistence(FILE, single_file=False)
    found = Application.builder().token(os.environ["TELEGRAM_TOKEN"]).base_url(f"{address}/bot")
    built = found.persistence(kept).build()
    states = {n: [MessageHandler(filters.TEXT, answer_to(n))] for n in range(len(QUESTIONS))}
    form = ConversationHandler([], states, [], name=NAME, persistent=True)
    built.add_handler(form)
    built.add_handler(MessageHandler(filters.TEXT, ask), group=1)
    return built


def seed(conversations: int) -> None:
    """So many people who have answered some of the questions, in the files that it reads."""
    numbers = range(1, conversations + 1)
    people = {number: answered(number) | {"asked": STOOD_AT} for number in numbers}
    stand = {NAME: {(number, number): STOOD_AT for number in numbers}}
    for ending, content in (("user_data", people), ("conversations", stand)):
        with open(f"{FILE}_{ending}", "wb") as file:  # noqa: PTH123  beside the others, by their name
            pickle.dump(content, file)


if __name__ == "__main__":
    if sys.argv[1] == "seed":
        seed(int(sys.argv[2]))
    else:
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
        application().run_polling()
