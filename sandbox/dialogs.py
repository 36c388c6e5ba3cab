"""Opening and changing views: what `views.*` and a form's answer both do."""

from dataclasses import replace

from sandbox.blocks import complete, state
from sandbox.errors import Refused
from sandbox.site import Site
from sandbox.surfaces import check_view
from sandbox.world import JSON, View

STACK = 3


def opened(site: Site, content: JSON, *, person: str, above: View | None = None) -> View:
    """Put a modal on a person's screen. Refused when it is not valid or lies too high."""
    check_view(content, surface="modal")
    if len(site.world.stack(person)) >= STACK:
        raise Refused("push_limit_reached")
    _refuse_known_external_id(site, content)
    view = _new(site, content, person=person, kind="V")
    if above is not None:
        view = replace(view, root=above.root, previous=above.id)
    site.world.put_view(view)
    return view


def changed(site: Site, view: View, content: JSON, *, expected: str | None = None) -> View:
    """Replace a view's content; what the person filled in stays where the ids are the same."""
    check_view(content, surface="home" if view.is_home else "modal")
    if expected is not None and expected != view.hash:
        raise Refused("hash_conflict")
    _refuse_known_external_id(site, content, but=view.id)
    done = {**content, "blocks": list(complete(content["blocks"], ids=site.world.ids))}
    after = replace(view, content=done, hash=_hash(site), state=state(done["blocks"], view.state))
    site.world.put_view(after)
    return after


def published(site: Site, content: JSON, *, person: str, expected: str | None = None) -> View:
    """Publish a person's App Home."""
    before = site.world.homes.get(person)
    if before is not None:
        return changed(site, before, content, expected=expected)
    check_view(content, surface="home")
    view = _new(site, content, person=person, kind="V")
    site.world.put_view(view)
    return view


def _new(site: Site, content: JSON, *, person: str, kind: str) -> View:
    blocks = list(complete(content["blocks"], ids=site.world.ids))
    view_id = site.world.ids.new(kind)
    return View(
        id=view_id,
        person=person,
        content={**content, "blocks": blocks},
        hash=_hash(site),
        root=view_id,
        state=state(blocks),
    )


def _hash(site: Site) -> str:
    moment = site.world.ids.moment()
    return f"{moment // 1_000_000}.{moment % 1_000_000:06x}"


def _refuse_known_external_id(site: Site, content: JSON, *, but: str | None = None) -> None:
    external_id = content.get("external_id")
    taken = {
        view.content.get("external_id") for view in site.world.views.values() if view.id != but
    }
    if external_id and external_id in taken:
        raise Refused("duplicate_external_id")
