"""What the browser tests draw with and look for: Block Kit in short, and the parts of the page."""

import re


def words(text: str) -> dict:
    return {"type": "plain_text", "text": text}


def section(text: str) -> dict:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def actions(*elements: dict, block_id: str = "act") -> dict:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def composer(window):
    return window.get_by_role("textbox", name=re.compile("^Skriv till"))


def log(window):
    return window.get_by_role("log", name=re.compile("^Meddelanden"))
