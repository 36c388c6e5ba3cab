"""A person begins something: a slash command, a shortcut, App Home."""

import re

from sandbox import payloads, posting, shapes
from sandbox.blocks import complete
from sandbox.errors import Impossible
from sandbox.gestures.messages import typed
from sandbox.gestures.presses import answered
from sandbox.gestures.sight import acting, channel_for
from sandbox.site import Site
from sandbox.world import JSON, Message


async def command(
    site: Site, *, person: str, command: str, text: str = "", channel: str | None = None
) -> JSON:
    """Write a slash command. The app's answer becomes a message, ephemeral unless it says not."""
    where = channel_for(site, person, channel)
    world = site.world
    known = {one["command"]: one for one in world.app.commands}
    if command not in known:
        raise Impossible(f"{command} is not a command")
    actor = payloads.actor(site, person)
    payload: JSON = {
        "token": "sandbox-verification-token",
        "team_id": world.team.id,
        "team_domain": world.team.domain,
        "channel_id": where.id,
        "channel_name": payloads.payload_name(where),
        "user_id": person,
        "user_name": actor["name"],
        "command": command,
        "text": _escaped(site, text) if known[command].get("should_escape") else text.strip(),
        "api_app_id": world.app.id,
        "is_enterprise_install": "false",
        "response_url": payloads.response_url(site, person=person, channel=where.id),
        "trigger_id": site.permits.new_trigger(world.ids, team=world.team.id, person=person),
    }
    delivery = await site.courier.ask("slash_commands", payload)
    if delivery.response:
        answer = delivery.response
        respond(
            site,
            answer if isinstance(answer, dict) else {"text": answer},
            person=person,
            channel=where.id,
        )
    return answered(site, person, delivery)


def _escaped(site: Site, text: str) -> str:
    """Write mentions with their names, as commands with `should_escape` get them."""

    def named(mention: re.Match[str]) -> str:
        return f"<@{mention[1]}|{payloads.actor(site, mention[1])['name']}>"

    return re.sub(r"<@(\w+)>", named, typed(site, text.strip()))


def respond(
    site: Site, answer: JSON, *, person: str, channel: str, thread_ts: str | None = None
) -> Message:
    """Post what an app answers with: for the person alone unless `response_type` says otherwise."""
    seen_by_all = answer.get("response_type") == "in_channel"
    return posting.post(
        site,
        Message(
            channel=channel,
            ts=site.world.ids.ts(),
            user=site.world.app.user,
            text=str(answer.get("text", "")),
            blocks=complete(answer.get("blocks") or [], ids=site.world.ids),
            thread_ts=answer.get("thread_ts") or thread_ts,
            by_app=True,
            ephemeral_to=None if seen_by_all else person,
        ),
    )


async def shortcut(site: Site, *, person: str, callback_id: str) -> JSON:
    """Start one of the app's global shortcuts."""
    acting(site, person)
    if callback_id not in {one["callback_id"] for one in site.world.app.shortcuts}:
        raise Impossible(f"{callback_id} is not a shortcut")
    payload = payloads.interaction(site, "shortcut", person=person)
    payload |= {"callback_id": callback_id, "action_ts": site.world.ids.ts()}
    return answered(site, person, await site.courier.ask("interactive", payload))


async def home(site: Site, *, person: str, tab: str = "home") -> JSON:
    """Open App Home (`tab` is `home` or `messages`). Returns `{view}` as last published."""
    acting(site, person)
    world = site.world
    if tab == "home" and not world.app.home_tab:
        raise Impossible("the app has no home tab")
    inner: JSON = {
        "type": "app_home_opened",
        "user": person,
        "channel": world.direct(person).id,
        "tab": tab,
        "event_ts": world.ids.ts(),
    }
    if person in world.homes:
        inner["view"] = shapes.view(world, world.homes[person])
    payloads.emit(site, "app_home_opened", inner)
    view = world.homes.get(person)
    return {"view": shapes.view(world, view) if view else None}
