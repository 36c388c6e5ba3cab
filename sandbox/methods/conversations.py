"""conversations.*: what the app can see of channels, and their history page by page."""

from bisect import bisect_left, bisect_right
from dataclasses import replace

from sandbox import shapes
from sandbox.errors import Refused
from sandbox.methods.call import Call
from sandbox.world import JSON, Channel

_KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
_SCOPES = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
_MOST = 999
_TOO_MANY = 8


def open_(call: Call) -> JSON:
    users = call.listed("users")
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > _TOO_MANY:
        raise Refused("too_many_users")
    if len(users) > 1:
        call.require("mpim:write")
    person = call.world.people.get(users[0])
    if person is None or person.is_bot:
        raise Refused("user_not_found")
    if person.team != call.world.team.id:
        raise Refused("user_not_visible")
    if person.deleted:
        raise Refused("user_disabled")
    known = "D" + person.id[1:] in call.world.channels
    channel = call.world.direct(person.id)
    shown: JSON = {"id": channel.id}
    if call.flag("return_im"):
        shown = shapes.channel(call.world, channel)
    return {"channel": shown} | ({"no_op": True, "already_open": True} if known else {})


def info(call: Call) -> JSON:
    channel = call.channel(of="read")
    shown = shapes.channel(call.world, channel)
    if call.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def members(call: Call) -> JSON:
    channel = call.channel(of="read")
    page, cursor = call.page(sorted(channel.members), default=100)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def list_(call: Call) -> JSON:
    asked = call.listed("types") or ["public_channel"]
    for kind in asked:
        if kind not in _KINDS:
            raise Refused("invalid_types")
        call.require(_SCOPES[kind])
    kinds = {_KINDS[kind] for kind in asked}
    seen = [
        shapes.channel(call.world, one)
        for one in call.world.channels.values()
        if one.kind in kinds
        and (one.kind == "public" or call.world.app.user in one.members)
        and not (call.flag("exclude_archived") and one.archived)
    ]
    page, cursor = call.page(seen, default=100)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def join(call: Call) -> JSON:
    channel = call.channel()
    if channel.kind != "public":
        raise Refused("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refused("is_archived")
    me = call.world.app.user
    if me in channel.members:
        return {"channel": shapes.channel(call.world, channel), "warning": "already_in_channel"}
    channel = replace(channel, members=channel.members | {me})
    call.world.put_channel(channel)
    return {"channel": shapes.channel(call.world, channel)}


def history(call: Call) -> JSON:
    """Give messages newest first; replies only when broadcast."""
    channel = _readable(call)
    timeline = call.world.timeline(channel.id)
    low, high = _span(call, timeline.roots)
    if before := call.cursor():
        high = max(low, bisect_left(timeline.roots, before, hi=high))
    first = max(high - call.limit(default=100, most=_MOST), low)
    chosen = timeline.roots[first:high]
    more = first > low
    return {
        "messages": _shown(call, channel, chosen[::-1]),
        "has_more": more,
        "pin_count": 0,
        "response_metadata": {"next_cursor": f"next:{chosen[0]}" if more else ""},
    }


def replies(call: Call) -> JSON:
    """Give a thread, root first and oldest first; a message without replies alone."""
    channel = _readable(call)
    root = call.world.message(channel.id, call.need("ts"))
    if root is None or root.ephemeral_to is not None:
        raise Refused("thread_not_found")
    top = root.thread_ts or root.ts
    thread = call.world.replies(channel.id, top)
    low, high = _span(call, thread)
    after = call.cursor()
    if after:
        low = max(low, bisect_right(thread, after))
    end = min(high, low + call.limit(default=_MOST, most=_MOST))
    page = thread[low:end]
    head = [top] if not after and call.world.message(channel.id, top) else []
    more = end < high
    return {
        "messages": _shown(call, channel, [*head, *page]),
        "has_more": more,
        "response_metadata": {"next_cursor": f"next:{page[-1]}" if more else ""},
    }


def _readable(call: Call) -> Channel:
    channel = call.channel(of="history")
    if call.world.app.user not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _span(call: Call, index: list[str]) -> tuple[int, int]:
    """Find where `oldest` and `latest` cut a sorted index; both exclusive unless `inclusive`."""
    oldest = call.ts("oldest", error="invalid_ts_oldest")
    latest = call.ts("latest", error="invalid_ts_latest")
    inclusive = call.flag("inclusive")
    low, high = 0, len(index)
    if oldest:
        low = bisect_left(index, oldest) if inclusive else bisect_right(index, oldest)
    if latest:
        high = bisect_right(index, latest) if inclusive else bisect_left(index, latest)
    return low, max(low, high)


def _shown(call: Call, channel: Channel, chosen: list[str]) -> list[JSON]:
    messages = call.world.timeline(channel.id).messages
    with_metadata = call.flag("include_all_metadata")
    return [
        shapes.message(call.world, messages[ts], origin=call.origin, with_metadata=with_metadata)
        for ts in chosen
    ]
