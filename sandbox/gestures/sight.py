"""What a person can see and reach; every gesture begins here."""

from sandbox.errors import Impossible
from sandbox.site import Site
from sandbox.world import Channel, Message, Person, View


def acting(site: Site, person: str) -> Person:
    """Give the person who acts. Impossible when unknown or deactivated."""
    one = site.world.people.get(person)
    if one is None or one.is_bot:
        raise Impossible(f"there is no person {person}")
    if one.deleted:
        raise Impossible(f"{one.name} is deactivated")
    return one


def channel_for(site: Site, person: str, channel: str | None) -> Channel:
    """Give a channel the person is in; `None` or `@bot` is the direct message with the app."""
    acting(site, person)
    if channel in (None, "", "@bot"):
        return site.world.direct(person)
    found = site.world.channels.get(str(channel))
    if found is None or person not in found.members:
        raise Impossible(f"{person} is not in {channel}")
    return found


def message_for(site: Site, person: str, channel: str | None, ts: str) -> Message:
    """Give a message that the person sees."""
    where = channel_for(site, person, channel)
    found = site.world.message(where.id, ts)
    if found is None or found.ephemeral_to not in (None, person):
        raise Impossible(f"there is no message {ts} in {where.id} for {person}")
    return found


def messages_for(
    site: Site, person: str, channel: str | None, *, thread_ts: str | None = None
) -> list[Message]:
    """List a channel as the person sees it, oldest first; own ephemerals too.

    With `thread_ts` the thread, root first; without it, no replies but broadcast ones.
    """
    where = channel_for(site, person, channel)
    timeline = site.world.timeline(where.id)
    if thread_ts is None:
        shown = list(timeline.roots)
    else:
        shown = [thread_ts, *timeline.threads.get(thread_ts, [])]
    mine = [
        ts
        for ts in timeline.ephemerals
        if timeline.messages[ts].ephemeral_to == person
        and timeline.messages[ts].thread_ts == thread_ts
    ]
    return [timeline.messages[ts] for ts in sorted({*shown, *mine}) if ts in timeline.messages]


def channels_for(site: Site, person: str) -> list[Channel]:
    """List the person's channels, the direct message with the app last."""
    site.world.direct(person)
    return sorted(
        (one for one in site.world.channels.values() if person in one.members),
        key=lambda one: (one.kind == "im", one.name),
    )


def view_for(site: Site, person: str, view_id: str) -> View:
    """Give an open modal of the person."""
    acting(site, person)
    view = site.world.views.get(view_id)
    if view is None or view.person != person:
        raise Impossible(f"{person} has no open view {view_id}")
    return view


def home_for(site: Site, person: str) -> View:
    acting(site, person)
    if person not in site.world.homes:
        raise Impossible(f"no home has been published for {person}")
    return site.world.homes[person]
