"""What a person does in Slack's client, as functions on the site.

Each takes `site` and keyword arguments, returns what the control API answers, and raises
`Impossible` when Slack's client would not offer it. Where the app must answer (a press, a form, a
command) the result says `acked`, and `warning` with what the person sees when it did not.
"""

from sandbox.gestures.forms import close, submit, suggest
from sandbox.gestures.messages import delete, edit, say, upload
from sandbox.gestures.openings import command, home, shortcut
from sandbox.gestures.presses import press

__all__ = [
    "close",
    "command",
    "delete",
    "edit",
    "home",
    "press",
    "say",
    "shortcut",
    "submit",
    "suggest",
    "upload",
]
