"""What the control API shows: people, channels, messages, views, calls and deliveries."""

from sandbox import shapes
from sandbox.gestures.messages import shown
from sandbox.gestures.sight import acting, channels_for, messages_for
from sandbox.site import Site
from sandbox.world import JSON


def people(site: Site) -> JSON:
    return {
        "people": [
            shapes.user(site.world, one) | {"title": one.title}
            for one in site.world.people.values()
        ]
    }


def channels(site: Site, *, person: str) -> JSON:
    """List what the person is in; the direct message with the bot last."""
    return {
        "channels": [
            {
                "id": one.id,
                "name": one.name,
                "kind": one.kind,
                "topic": one.topic,
                "archived": one.archived,
                "members": sorted(one.members),
            }
            for one in channels_for(site, person)
        ]
    }


def messages(
    site: Site, *, person: str, channel: str | None = None, thread_ts: str | None = None
) -> JSON:
    seen = messages_for(site, person, channel, thread_ts=thread_ts)
    return {"messages": [shown(site, one) for one in seen]}


def views(site: Site, *, person: str) -> JSON:
    """List the person's open modals, top last."""
    acting(site, person)
    return {"views": [shapes.view(site.world, one) for one in site.world.stack(person)]}


def home(site: Site, *, person: str) -> JSON:
    acting(site, person)
    view = site.world.homes.get(person)
    return {"view": shapes.view(site.world, view) if view else None}


def calls(site: Site, *, since: str = "0") -> JSON:
    """List Web API calls in order, those after number `since`."""
    return {
        "calls": [
            {
                "n": one.n,
                "method": one.method,
                "args": one.args,
                "ok": one.ok,
                "error": one.error,
                "at": one.at,
            }
            for one in site.calls
            if one.n > int(since)
        ]
    }


def deliveries(site: Site, *, since: str = "0") -> JSON:
    return {"deliveries": [one.report() for one in site.courier.log if one.n > int(since)]}


def status(site: Site) -> JSON:
    """Say how things are: connections, what is under way, the revision of the change feed."""
    return {
        "sockets": site.courier.sockets.count,
        "request_url": site.courier.request_url,
        "busy": site.courier.busy,
        "calls_under_way": site.calls_under_way,
        "calls": site.calls_made,
        "revision": site.world.changes.revision,
        "away": site.faults.is_away,
    }
