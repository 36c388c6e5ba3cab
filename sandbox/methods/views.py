"""views.*: open, push, update and publish."""

from sandbox import dialogs, shapes
from sandbox.errors import Refused
from sandbox.methods.call import Call
from sandbox.world import JSON, View


def open_(call: Call) -> JSON:
    content = _content(call)
    trigger = call.site.permits.exchange(call.need("trigger_id"))
    return _answer(call, dialogs.opened(call.site, content, person=trigger.person))


def push(call: Call) -> JSON:
    """Lay a view above the one the trigger came from. `not_found` when that is gone."""
    content = _content(call)
    trigger = call.site.permits.exchange(call.need("trigger_id"))
    below = call.world.views.get(trigger.view_id or "")
    if below is None:
        raise Refused("not_found")
    return _answer(call, dialogs.opened(call.site, content, person=trigger.person, above=below))


def update(call: Call) -> JSON:
    content = _content(call)
    view = _known(call)
    expected = call.text("hash") or None
    return _answer(call, dialogs.changed(call.site, view, content, expected=expected))


def _known(call: Call) -> View:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    shown = [*call.world.views.values(), *call.world.homes.values()]
    for view in shown:
        if view_id and view.id == view_id:
            return view
        if external_id and view.content.get("external_id") == external_id:
            return view
    raise Refused("not_found")


def publish(call: Call) -> JSON:
    content = _content(call)
    person = call.world.people.get(call.need("user_id"))
    if person is None or person.team != call.world.team.id or person.is_bot:
        raise Refused("user_not_found")
    if not call.world.app.home_tab:
        raise Refused("not_enabled")
    expected = call.text("hash") or None
    return _answer(call, dialogs.published(call.site, content, person=person.id, expected=expected))


def _content(call: Call) -> JSON:
    content = call.json("view", error="invalid_arguments")
    if not isinstance(content, dict):
        raise Refused("invalid_arguments", messages=["[ERROR] missing required field: view"])
    return content


def _answer(call: Call, view: View) -> JSON:
    return {"view": shapes.view(call.world, view)}
