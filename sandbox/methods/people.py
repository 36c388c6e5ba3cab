"""auth.test, team.info, bots.info, users.* and usergroups.*: who is who."""

from sandbox import shapes
from sandbox.errors import Refused
from sandbox.methods.call import Call
from sandbox.world import JSON, Person


def auth_test(call: Call) -> JSON:
    world = call.world
    return {
        "url": f"{call.origin}/",
        "team": world.team.name,
        "user": world.app.handle,
        "team_id": world.team.id,
        "user_id": world.app.user,
        "bot_id": world.app.bot,
        "app_id": world.app.id,
        "is_enterprise_install": False,
    }


def team_info(call: Call) -> JSON:
    team = call.world.team
    asked = call.text("team")
    if asked and asked != team.id:
        raise Refused("team_not_found")
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "domain": team.domain,
            "email_domain": team.email_domain,
            "icon": {"image_default": True},
        }
    }


def bots_info(call: Call) -> JSON:
    if call.text("bot") not in {"", call.world.app.bot}:
        raise Refused("bot_not_found")
    return {"bot": shapes.bot_profile(call.world)}


def users_info(call: Call) -> JSON:
    person = call.world.people.get(call.text("user"))
    if person is None:
        raise Refused("user_not_found")
    return {"user": _user(call, person)}


def users_list(call: Call) -> JSON:
    """Give the team's own users; strangers are not in the list, the deactivated are."""
    own = [one for one in call.world.people.values() if one.team == call.world.team.id]
    page, cursor = call.page([_user(call, one) for one in own], default=1000)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def lookup_by_email(call: Call) -> JSON:
    """Find an active user of the own team; the deactivated and strangers are not found."""
    email = call.need("email").lower()
    for person in call.world.people.values():
        own = person.team == call.world.team.id and not person.deleted
        if own and person.email.lower() == email:
            return {"user": _user(call, person)}
    raise Refused("users_not_found")


def _user(call: Call, person: Person) -> JSON:
    with_email = "users:read.email" in call.world.app.scopes
    return shapes.user(call.world, person, with_email=with_email)


def usergroups_list(call: Call) -> JSON:
    return {
        "usergroups": [
            {
                "id": group.id,
                "team_id": call.world.team.id,
                "is_usergroup": True,
                "name": group.name,
                "handle": group.handle,
                "date_delete": 0,
                "user_count": len(group.users),
            }
            | ({"users": list(group.users)} if call.flag("include_users") else {})
            for group in call.world.groups.values()
        ]
    }


def usergroups_users_list(call: Call) -> JSON:
    group = call.world.groups.get(call.need("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return {"users": list(group.users)}
