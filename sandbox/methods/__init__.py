"""The Web API as a table: which function answers a method, and which scope and token it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sandbox.methods import apps, chat, conversations, files, marks, people, views
from sandbox.methods.call import Call
from sandbox.world import JSON


@dataclass(frozen=True, slots=True)
class Method:
    """`scopes` must all be granted; methods on channels ask for the channel's own scope besides."""

    answer: Callable[[Call], JSON]
    scopes: tuple[str, ...] = ()
    token: Literal["bot", "app", "none"] = "bot"  # noqa: S105 - a kind


METHODS = {
    "apps.connections.open": Method(apps.connections_open, token="app"),  # noqa: S106 - a kind
    "auth.test": Method(people.auth_test),
    "blocks.validate": Method(apps.blocks_validate, token="none"),  # noqa: S106 - a kind
    "bots.info": Method(people.bots_info, ("users:read",)),
    "chat.delete": Method(chat.delete, ("chat:write",)),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("chat:write",)),
    "chat.postMessage": Method(chat.post_message, ("chat:write",)),
    "chat.update": Method(chat.update, ("chat:write",)),
    "conversations.history": Method(conversations.history),
    "conversations.info": Method(conversations.info),
    "conversations.join": Method(conversations.join, ("channels:join",)),
    "conversations.list": Method(conversations.list_),
    "conversations.members": Method(conversations.members),
    "conversations.open": Method(conversations.open_, ("im:write",)),
    "conversations.replies": Method(conversations.replies),
    "files.completeUploadExternal": Method(files.complete_upload, ("files:write",)),
    "files.delete": Method(files.delete, ("files:write",)),
    "files.getUploadURLExternal": Method(files.get_upload_url, ("files:write",)),
    "files.info": Method(files.info, ("files:read",)),
    "pins.add": Method(marks.add_pin, ("pins:write",)),
    "pins.remove": Method(marks.remove_pin, ("pins:write",)),
    "reactions.add": Method(marks.add_reaction, ("reactions:write",)),
    "reactions.remove": Method(marks.remove_reaction, ("reactions:write",)),
    "team.info": Method(people.team_info, ("team:read",)),
    "usergroups.list": Method(people.usergroups_list, ("usergroups:read",)),
    "usergroups.users.list": Method(people.usergroups_users_list, ("usergroups:read",)),
    "users.info": Method(people.users_info, ("users:read",)),
    "users.list": Method(people.users_list, ("users:read",)),
    "users.lookupByEmail": Method(people.lookup_by_email, ("users:read.email",)),
    "views.open": Method(views.open_),
    "views.publish": Method(views.publish),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
}
