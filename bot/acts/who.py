"""Who may: people as Slack knows them, matched by e-mail with the roles the programme gives them.

Everything fails closed: another workspace, a guest, a closed account and somebody unknown may
nothing, whatever the programme says. A refusal is logged and changes nothing.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.office import Office
from bot.perform import Transaction
from flows.errors import NotAllowed
from flows.events import PersonId
from flows.panel import Member, Panel
from flows.programme import Person, Role
from storage import people, substitutes
from storage.people import Person as Account

log = structlog.get_logger()


def panel(db: Connection, office: Office) -> Panel:
    """KLG as it stands now, a substitute in the seat of the member she sits for.

    A member whose account is closed is no member any more. A convener who is away ends nothing: the
    secretaries do.
    """
    programme = office.programme
    found = _accounts(db, office, Role.KLG, Role.CONVENER, Role.SECRETARY)
    sitting = _substitutes(db, office)
    members, absent = [], []
    for member in programme.with_role(Role.KLG):
        account = found.get(member.email)
        if account is None or account.restricted:
            absent.append(member.name)
        elif not account.deleted:
            members.append(_seated(account, member, sitting.get(account.id)))
    replaced = {m.seat: m.name for m in members if m.sits_for}
    conveners = [p for p in _present(office, found, Role.CONVENER) if p not in replaced]
    return Panel(
        members=tuple(members),
        convener=conveners[0] if conveners else None,
        secretaries=_present(office, found, Role.SECRETARY),
        absent=tuple(absent),
        replaced=replaced,
    )


def _seated(account: Account, member: Person, substitute: Account | None) -> Member:
    if substitute is None:
        return Member(account.id, member.name, member.administration)
    return Member(
        substitute.id,
        substitute.name,
        member.administration,
        sits_for=account.id,
        instead_of=member.name,
    )


def _substitutes(db: Connection, office: Office) -> dict[PersonId, Account]:
    """Who sits now, by the member she sits for; one who may nothing any more sits no longer."""
    able = {}
    for member, substitute in substitutes.sitting(db).items():
        account = people.get(db, substitute)
        if account is not None and may_substitute(office, account):
            able[member] = replace(account, name=name_of(db, office, substitute))
    return able


def may_substitute(office: Office, account: Account) -> bool:
    """An employee with an open account here, who has no seat of her own."""
    configured = office.programme.person(account.email) if account.email else None
    has_seat = configured is not None and Role.KLG in configured.roles
    outside = account.deleted or account.restricted or account.team != office.team
    return not outside and not has_seat


def _accounts(db: Connection, office: Office, *roles: Role) -> dict[str, Account]:
    """The account of each e-mail address; an open one before a closed one."""
    emails = [p.email for role in roles for p in office.programme.with_role(role)]
    found = sorted(_ours(db, office, emails), key=lambda account: not account.deleted)
    return {account.email: account for account in found}


def _ours(db: Connection, office: Office, emails: Iterable[str]) -> list[Account]:
    return [found for found in people.by_emails(db, emails) if found.team == office.team]


def accounts(db: Connection, office: Office, email: str) -> list[PersonId]:
    """The accounts that we have known by the address, open or closed."""
    return [account.id for account in _ours(db, office, [email.lower()])]


def reachable(db: Connection, office: Office, email: str) -> tuple[PersonId, ...]:
    """The accounts by the address that a message may go to: open, and no guest's."""
    found = _ours(db, office, [email.lower()])
    return tuple(a.id for a in found if not a.deleted and not a.restricted)


def _present(office: Office, found: dict[str, Account], role: Role) -> tuple[PersonId, ...]:
    accounts = (found.get(p.email) for p in office.programme.with_role(role))
    return tuple(a.id for a in accounts if a is not None and not a.deleted and not a.restricted)


def with_role(db: Connection, office: Office, role: Role) -> tuple[PersonId, ...]:
    """Those with the role who are in Slack and may act."""
    return _present(office, _accounts(db, office, role), role)


def has_role(db: Connection, office: Office, person: PersonId, role: Role) -> bool:
    """Whether she has an open account here and the programme gives her the role."""
    return _has(office, person, people.get(db, person), role)


def _has(office: Office, person: PersonId, account: Account | None, role: Role) -> bool:
    if account is None or not account.email or _outside(office, person, account) is not None:
        return False
    configured = office.programme.person(account.email)
    return configured is not None and role in configured.roles


def chairs(db: Connection, office: Office, committee_id: str) -> tuple[PersonId, ...]:
    """The chairs of the nämnd who are in Slack and may act."""
    return with_emails(db, office, [p.email for p in office.programme.chairs_of(committee_id)])


def with_emails(db: Connection, office: Office, emails: Iterable[str]) -> tuple[PersonId, ...]:
    """Those with the addresses who are in Slack and may act."""
    return tuple(a.id for a in _ours(db, office, emails) if not a.deleted and not a.restricted)


def require_role(db: Connection, office: Office, person: PersonId, *roles: Role) -> None:
    """Raises NotAllowed, with the reason, unless the person may act in one of the roles."""
    account = people.get(db, person)
    reason = _outside(office, person, account)
    if reason is None and not any(_has(office, person, account, role) for role in roles):
        reason = f"not_{roles[0]}"
    if reason is not None:
        log.warning("refused", person=person, roles=[*roles], reason=reason)
        raise NotAllowed(f"refusals.assessment.{reason}", klg=office.programme.names.klg)


def require_member(db: Connection, office: Office, person: PersonId) -> None:
    """Raises NotAllowed unless the person sits in KLG: configured, or named by a member (R000-4)."""
    reason = _outside(office, person, people.get(db, person))
    klg = panel(db, office)
    if reason is None and klg.member(person) is None:
        reason = "replaced" if person in klg.replaced else "not_klg"
    if reason is not None:
        log.warning("refused", person=person, roles=[Role.KLG], reason=reason)
        raise NotAllowed(
            f"refusals.assessment.{reason}",
            klg=office.programme.names.klg,
            name=klg.replaced.get(person, ""),
        )


def is_seated(db: Connection, office: Office, person: PersonId) -> bool:
    """Whether she sits in KLG now: a member whose seat nobody else has, or a substitute."""
    return panel(db, office).member(person) is not None


def _outside(office: Office, person: PersonId, account: Account | None) -> str | None:
    """Why the person may nothing at all, if so."""
    if person.partition(":")[0] != office.team:
        return "other_team"
    if account is None:
        return "unknown"
    if account.deleted:
        return "closed_account"
    return "guest" if account.restricted else None


def require_employee(db: Connection, office: Office, person: PersonId) -> None:
    """Raises NotAllowed unless the person has an ordinary, open account in the municipality's Slack."""
    require_open_account(office, person, people.get(db, person))


def require_open_account(office: Office, person: PersonId, account: Account | None) -> None:
    """The same, of an account that has been read already in this transaction."""
    reason = _outside(office, person, account)
    if reason is not None:
        log.warning("refused", person=person, reason=reason)
        raise NotAllowed(f"refusals.assessment.{reason}", klg=office.programme.names.klg)


def is_employee(db: Connection, office: Office, person: PersonId) -> bool:
    """Whether she has an ordinary, open account here."""
    return _outside(office, person, people.get(db, person)) is None


def is_officer(db: Connection, office: Office, person: PersonId) -> bool:
    return has_role(db, office, person, Role.OFFICER)


def administration_of(db: Connection, office: Office, person: PersonId) -> str | None:
    """The id of the förvaltning that the programme says the person belongs to."""
    account = people.get(db, person)
    configured = office.programme.person(account.email) if account and account.email else None
    return configured.administration if configured else None


def name_of(db: Connection, office: Office, person: PersonId) -> str:
    """What the programme calls the person, else what Slack does, else the id."""
    account = people.get(db, person)
    if account is None:
        return person.partition(":")[2]
    configured = office.programme.person(account.email) if account.email else None
    return configured.name if configured else account.name


def voice(db: Connection, office: Office, person: PersonId, seat: PersonId | None) -> str:
    """Who spoke, and for whom: both names when it was a substitute."""
    name = name_of(db, office, person)
    if seat is None:
        return name
    member = name_of(db, office, seat)
    return office.texts.plain("substitutes.said.voice", name=name, member=member)


def seen_at(db: Connection, person: PersonId) -> datetime | None:
    """When Slack last told us about the person."""
    account = people.get(db, person)
    return None if account is None else account.seen_at


def is_known(db: Connection, *, person: PersonId) -> bool:
    return people.get(db, person) is not None


def is_fresh(tx: Transaction, *, person: PersonId, within: timedelta) -> bool:
    """Slack has told us about the person so recently that we need not ask again."""
    account = people.get(tx.db, person)
    return account is not None and abs(tx.now - account.seen_at) < within


def remember(tx: Transaction, office: Office, user: dict[str, Any]) -> None:
    """Store what Slack says about a user (users.info, user_change)."""
    profile = user.get("profile", {})
    person = f"{user.get('team_id') or office.team}:{user['id']}"
    before = people.get(tx.db, person)
    # Slack may leave the address out, above all of a closed account; that takes no role away.
    email = str(profile.get("email") or "").lower() or (before.email if before else "")
    restricted = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot")
    people.put(
        tx.db,
        Account(
            id=person,
            email=email,
            name=profile.get("real_name") or user.get("real_name") or user.get("name", user["id"]),
            deleted=bool(user.get("deleted")),
            restricted=any(user.get(flag) for flag in restricted),
            seen_at=tx.now,
        ),
    )
