"""What the control API changes behind people's backs: faults, time, membership, tokens, the reset."""

import asyncio
import time
from dataclasses import replace
from typing import Any

from sandbox import shapes
from sandbox.errors import Impossible
from sandbox.payloads import emit
from sandbox.site import Site
from sandbox.world import JSON, Channel, Person

_DROPS = {"refresh_requested", "abrupt", "link_disabled", "warning", "silent"}


async def faults(site: Site, **wish: Any) -> JSON:
    """Order faults; see `sandbox.faults`. `clear` ends them all."""
    if wish.pop("clear", False):
        site.faults.clear()
    drop = wish.pop("drop_socket", None)
    if drop is not None and drop not in _DROPS:
        raise Impossible(f"cannot drop a socket by {drop}")
    site.faults.order(wish)
    dropped = 0
    if drop is not None or "away" in wish:
        dropped = await site.courier.sockets.disconnect(drop or "abrupt")
    return {"dropped": dropped}


def clock(
    site: Site,
    *,
    scale: float | None = None,
    advance: float | None = None,
    lives: float | None = None,
    ack_timeout: float | None = None,
    share_delay: float | None = None,
) -> JSON:
    """Change how time passes; see `sandbox.clock`. `share_delay`: how late uploads are seen."""
    time_ = site.clock
    if scale is not None:
        time_.scale = float(scale)
    if lives is not None:
        time_.lives = float(lives)
    if ack_timeout is not None:
        time_.ack_timeout = float(ack_timeout)
    if share_delay is not None:
        site.share_delay = float(share_delay)
    if advance is not None:
        time_.advance(float(advance))
    time_.touch()
    return {"scale": time_.scale, "lives": time_.lives, "ack_timeout": time_.ack_timeout}


def person(site: Site, *, person: str, **changes: Any) -> JSON:
    """Deactivate, make a guest, and so on; the app hears `user_change`."""
    allowed = {"deleted", "is_restricted", "is_ultra_restricted", "is_stranger"}
    if unknown := set(changes) - allowed:
        raise Impossible(f"cannot change {min(unknown)}")
    changed: Person = replace(_known(site, person), **changes)
    site.world.put_person(changed)
    user = shapes.user(site.world, changed)
    now = site.world.ids.ts()
    emit(
        site,
        "user_change",
        {"type": "user_change", "user": user, "cache_ts": int(float(now)), "event_ts": now},
    )
    return {"user": user}


def membership(site: Site, *, channel: str, person: str, member: bool) -> JSON:
    one, who = _channel(site, channel), _known(site, person)
    members = one.members | {who.id} if member else one.members - {who.id}
    site.world.put_channel(replace(one, members=members))
    return {"members": sorted(members)}


def archive(site: Site, *, channel: str, archived: bool = True) -> JSON:
    site.world.put_channel(replace(_channel(site, channel), archived=archived))
    return {"archived": archived}


def group(site: Site, *, group: str, users: list[str]) -> JSON:
    """Change a user group; the app hears `subteam_members_changed`."""
    if group not in site.world.groups:
        raise Impossible(f"there is no group {group}")
    before = site.world.groups[group]
    after = replace(before, users=tuple(_known(site, one).id for one in users))
    site.world.put_group(after)
    added = [one for one in after.users if one not in before.users]
    removed = [one for one in before.users if one not in after.users]
    inner: JSON = {
        "type": "subteam_members_changed",
        "subteam_id": group,
        "team_id": site.world.team.id,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
        "event_ts": site.world.ids.ts(),
    }
    emit(site, "subteam_members_changed", inner)
    return {"users": list(after.users)}


def revoke(site: Site, *, token: str, revoked: bool = True) -> JSON:
    """Revoke one of the app's tokens; of the bot token it hears `tokens_revoked`. False: it is valid again."""
    app = site.world.app
    if token not in {app.bot_token, app.app_token}:
        raise Impossible("there is no such token")
    if not revoked:
        site.revoked.discard(token)
        return {"revoked": sorted(site.revoked)}
    site.revoked.add(token)
    if token == app.bot_token:
        tokens = {"bot": [app.user], "oauth": []}
        inner = {"type": "tokens_revoked", "tokens": tokens, "event_ts": site.world.ids.ts()}
        emit(site, "tokens_revoked", inner)
    return {"revoked": sorted(site.revoked)}


def uninstall(site: Site) -> JSON:
    """Take the app away: its tokens are revoked, and it hears `app_uninstalled` and the rest."""
    inner = {"type": "app_uninstalled", "event_ts": site.world.ids.ts()}
    emit(site, "app_uninstalled", inner)
    revoke(site, token=site.world.app.app_token)
    return revoke(site, token=site.world.app.bot_token)


def request_url(site: Site, *, url: str | None = None) -> JSON:
    """Send signed requests to `url` from now on; without one, Socket Mode again."""
    site.courier.request_url = url or None
    return {"request_url": site.courier.request_url}


def reset(site: Site) -> JSON:
    site.reset()
    return {}


async def await_idle(site: Site, *, timeout: float = 10.0, quiet_ms: int = 100) -> JSON:  # noqa: ASYNC109 - named so in the control API
    """Wait until nothing is un-acked, no call is under way and all has been quiet for a while."""
    until = time.monotonic() + timeout
    while not (idle := _idle(site, quiet_ms)) and time.monotonic() < until:  # noqa: ASYNC110 - quiet is the absence of events
        await asyncio.sleep(0.01)
    return {"idle": idle, "calls": site.calls_made}


def _idle(site: Site, quiet_ms: int) -> bool:
    still = (time.monotonic() - site.courier.last_moved) * 1000 >= quiet_ms
    return still and not site.courier.busy and not site.calls_under_way


def _known(site: Site, person: str) -> Person:
    if person not in site.world.people:
        raise Impossible(f"there is no person {person}")
    return site.world.people[person]


def _channel(site: Site, channel: str) -> Channel:
    if channel not in site.world.channels:
        raise Impossible(f"there is no channel {channel}")
    return site.world.channels[channel]
