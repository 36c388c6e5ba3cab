"""reactions.* and pins.*: marks on a message."""

import re

from sandbox.errors import Refused
from sandbox.methods.call import Call
from sandbox.world import JSON, Message


def add_reaction(call: Call) -> JSON:
    message, name, me = _marked(call), _name(call), call.world.app.user
    users = message.reactions.get(name, ())
    if me in users:
        raise Refused("already_reacted")
    call.world.edit_message(message, reactions={**message.reactions, name: (*users, me)})
    return {}


def remove_reaction(call: Call) -> JSON:
    message, name, me = _marked(call), _name(call), call.world.app.user
    users = message.reactions.get(name, ())
    if me not in users:
        raise Refused("no_reaction")
    left = {**message.reactions, name: tuple(one for one in users if one != me)}
    kept = {key: value for key, value in left.items() if value}
    call.world.edit_message(message, reactions=kept)
    return {}


def add_pin(call: Call) -> JSON:
    message = _marked(call)
    if message.pinned:
        raise Refused("already_pinned")
    call.world.edit_message(message, pinned=True)
    return {}


def remove_pin(call: Call) -> JSON:
    message = _marked(call)
    if not message.pinned:
        raise Refused("no_pin")
    call.world.edit_message(message, pinned=False)
    return {}


def _marked(call: Call) -> Message:
    channel = call.channel()
    if call.world.app.user not in channel.members:
        raise Refused("not_in_channel")
    if channel.archived:
        raise Refused("is_archived")
    if not call.text("timestamp"):
        raise Refused("no_item_specified")
    return call.message(channel, "timestamp")


def _name(call: Call) -> str:
    name = call.text("name").strip(":")
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise Refused("invalid_name")
    return name
