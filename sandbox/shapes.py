"""The world's records as Slack's JSON objects: users, channels, messages, files, views.

`origin` is the address the reader uses (`http://127.0.0.1:8021`); absolute urls are built from it.
"""

import mimetypes
from typing import Any

from sandbox.world import JSON, Channel, File, Message, Person, View, World


def user(world: World, person: Person, *, with_email: bool = True) -> JSON:
    first, _, last = person.name.partition(" ")
    is_app = person.id == world.app.user
    handle = world.app.handle if is_app else person.email.partition("@")[0]
    profile: JSON = {
        "title": person.title,
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": handle,
        "display_name_normalized": handle,
        "first_name": first,
        "last_name": last,
        "team": person.team,
    }
    if with_email and person.email:
        profile["email"] = person.email
    if is_app:
        profile |= {"api_app_id": world.app.id, "bot_id": world.app.bot}
    result: JSON = {
        "id": person.id,
        "team_id": person.team,
        "name": handle,
        "deleted": person.deleted,
        "profile": profile,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if person.deleted:
        return result
    return result | {
        "real_name": person.name,
        "tz": "Europe/Stockholm",
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "locale": "sv-SE",
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "is_stranger": person.is_stranger,
    }


def channel(world: World, one: Channel) -> JSON:
    result: JSON = {
        "id": one.id,
        "created": one.created,
        "is_archived": one.archived,
        "is_im": one.kind == "im",
        "is_org_shared": False,
        "context_team_id": world.team.id,
    }
    if one.kind == "im":
        return result | {"user": one.person, "is_user_deleted": _is_deleted(world, one.person)}
    return result | {
        "name": one.name,
        "name_normalized": one.name,
        "is_channel": one.kind == "public",
        "is_group": one.kind == "private",
        "is_mpim": False,
        "is_private": one.kind == "private",
        "is_member": world.app.user in one.members,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_pending_ext_shared": False,
        "topic": {"value": one.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def _is_deleted(world: World, person: str | None) -> bool:
    return person in world.people and world.people[person].deleted


def message(world: World, one: Message, *, origin: str, with_metadata: bool = False) -> JSON:
    """Give a message as history and events show it."""
    result: JSON = {"type": "message", "user": one.user, "text": one.text, "ts": one.ts}
    result["team"] = world.people[one.user].team
    if one.client_msg_id:
        result["client_msg_id"] = one.client_msg_id
    if one.by_app:
        result |= {
            "bot_id": world.app.bot,
            "app_id": world.app.id,
            "bot_profile": bot_profile(world),
        }
    if one.blocks:
        result["blocks"] = list(one.blocks)
    if one.attachments:
        result["attachments"] = list(one.attachments)
    if one.files:
        result["files"] = [file(world, world.files[key], origin=origin) for key in one.files]
        result["upload"] = not one.by_app
        result["display_as_bot"] = False
    if one.edited:
        result["edited"] = {"user": one.user, "ts": one.edited}
    if one.reactions:
        result["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)}
            for name, users in one.reactions.items()
        ]
    if one.metadata is not None and with_metadata:
        result["metadata"] = one.metadata
    return result | _thread(world, one)


def _thread(world: World, one: Message) -> JSON:
    if one.is_reply and one.thread_ts is not None:
        root = world.message(one.channel, one.thread_ts)
        result: JSON = {"thread_ts": one.thread_ts}
        if root is not None:
            result["parent_user_id"] = root.user
        return result | ({"subtype": "thread_broadcast"} if one.broadcast else {})
    replies = world.replies(one.channel, one.ts)
    if not replies:
        return {}
    writers = [world.timeline(one.channel).messages[ts].user for ts in replies]
    return {
        "thread_ts": one.ts,
        "reply_count": len(replies),
        "reply_users": list(dict.fromkeys(writers)),
        "reply_users_count": len(set(writers)),
        "latest_reply": replies[-1],
    }


def bot_profile(world: World) -> JSON:
    return {
        "id": world.app.bot,
        "app_id": world.app.id,
        "user_id": world.app.user,
        "name": world.app.name,
        "deleted": False,
        "team_id": world.team.id,
    }


def mimetype(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def file(world: World, one: File, *, origin: str) -> JSON:
    """Give a file object; `shares` is empty until Slack has got round to sharing it."""
    if one.deleted:
        return {"id": one.id, "mode": "tombstone"}
    private = f"{origin}/files-pri/{world.team.id}-{one.id}"
    kind = one.name.rpartition(".")[2].lower() if "." in one.name else "binary"
    places: dict[str, dict[str, list[JSON]]] = {"public": {}, "private": {}}
    for where, ts in one.shares:
        side = "public" if world.channels[where].kind == "public" else "private"
        places[side].setdefault(where, []).append({"ts": ts, "share_user_id": one.user})
    shared = list(dict.fromkeys(where for where, _ in one.shares))
    return {
        "id": one.id,
        "created": one.created,
        "timestamp": one.created,
        "name": one.name,
        "title": one.title,
        **({"alt_txt": one.alt} if one.alt else {}),
        "mimetype": mimetype(one.name) if one.ready else "",
        "filetype": kind if one.ready else "",
        "pretty_type": kind.upper() if one.ready else "",
        "user": one.user,
        "user_team": world.team.id,
        "editable": False,
        "size": one.size,
        "mode": "hosted",
        "is_external": False,
        "is_public": any(world.channels[key].kind == "public" for key in shared),
        "file_access": "visible",
        "url_private": f"{private}/{_in_url(one.name)}",
        "url_private_download": f"{private}/download/{_in_url(one.name)}",
        "permalink": f"{origin}/files/{one.user}/{one.id}/{_in_url(one.name)}",
        "shares": {side: where for side, where in places.items() if where},
        "channels": [key for key in shared if world.channels[key].kind == "public"],
        "groups": [key for key in shared if world.channels[key].kind == "private"],
        "ims": [key for key in shared if world.channels[key].kind == "im"],
    }


def _in_url(name: str) -> str:
    """Slack makes file names in urls plain: small ASCII letters, digits and underscores."""
    plain = "".join(
        sign if (sign.isascii() and sign.isalnum()) or sign in ".-" else "_" for sign in name
    )
    return plain.lower() or "file"


def view(world: World, one: View) -> JSON:
    content: dict[str, Any] = one.content
    result: JSON = {
        "id": one.id,
        "team_id": world.team.id,
        "type": content["type"],
        "blocks": content["blocks"],
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "external_id": content.get("external_id", ""),
        "state": {"values": one.state},
        "hash": one.hash,
        "root_view_id": one.root,
        "previous_view_id": one.previous,
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "app_id": world.app.id,
        "app_installed_team_id": world.team.id,
        "bot_id": world.app.bot,
    }
    for key in ("title", "submit", "close"):
        result[key] = content.get(key)
    return result | {"submit_disabled": content.get("submit_disabled", False)}
