"""Who gets a decision: it follows from the decision, the programme, and who keeps the case.

Per affected förvaltning its registrator, direktör, handläggare and ekonomichef, the investeringsstrateg
when there is investment, and what the programme adds (rutinen, *Beslut skickas till*). The rutin says
"Kommunstyrelsens beslut"; a delegated decision goes to the same people.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import count

from pydantic import BaseModel

from flows.decided import Decided
from flows.practice import ExtraRecipient, RecipientKind
from flows.programme import Programme, Role
from flows.rules import CostKind


class Duty(StrEnum):
    """As what somebody gets a decision; `extra` is of the programme's own."""

    REGISTRAR = "registrar"
    DIRECTOR = "director"
    CASE_OFFICER = "case_officer"
    FINANCE_MANAGER = "finance_manager"
    INVESTMENT_STRATEGIST = "investment_strategist"
    EXTRA = "extra"


OF_AN_ADMINISTRATION = (
    Duty.REGISTRAR,
    Duty.DIRECTOR,
    Duty.CASE_OFFICER,
    Duty.FINANCE_MANAGER,
)


class Contact(BaseModel, frozen=True):
    """A person or a mailbox; no `email`: nobody is known."""

    name: str = ""
    email: str = ""


class Recipient(BaseModel, frozen=True):
    """One delivery: a duty, not a person.

    Somebody with two duties gets two e-mails, each saying which: every nämnd is an authority of its
    own and registers for itself, also when they share a registrator. `key` is unique within a decision.
    """

    key: str  # "registrar:socialforvaltningen", "investment_strategist", "extra:ekonomiavdelningen"
    kind: RecipientKind = RecipientKind.DISPATCH
    contact: Contact = Contact()

    @property
    def duty(self) -> Duty:
        return duty_of(self.key)

    @property
    def of(self) -> str:
        return about(self.key)


def duty_of(key: str) -> Duty:
    return Duty(key.partition(":")[0])


def about(key: str) -> str:
    """The förvaltning's id, or what the programme calls an extra recipient."""
    return key.partition(":")[2]


def recipients(
    decision: Decided,
    programme: Programme,
    *,
    submitting: Iterable[str],
    officers: Mapping[str, Contact],
) -> tuple[Recipient, ...]:
    """Everybody who gets the decision, in the order of the rutin.

    `submitting` are förvaltningar; `officers` is who keeps the case at each of them, else the
    programme's `case_officer` is asked for. A duty that nobody has is there without an e-mail.
    """
    administrations = affected(decision, programme, submitting=submitting)
    invests = any(a.kind is CostKind.INVESTMENT and a.amount > 0 for a in decision.allocations)
    concerned = {_committee(programme, one) for one in administrations}
    return (
        *(
            Recipient(key=f"{duty}:{one}", contact=_contact(programme, duty, one, officers))
            for one in administrations
            for duty in OF_AN_ADMINISTRATION
        ),
        *(_strategists(programme) if invests else ()),
        *_extras(programme.dispatch, concerned=concerned, invests=invests),
    )


def affected(
    decision: Decided, programme: Programme, *, submitting: Iterable[str]
) -> tuple[str, ...]:
    """The förvaltningar that a decision concerns: those that submitted, and those that get money.

    Money goes to a nämnd. Of one with several förvaltningar those that submitted answer for it; when
    none did, all are told, so that nobody who should know is left out. A nämnd that the programme no
    longer knows stands for its own förvaltning, and its recipients come back as missing.
    """
    handed_in = tuple(dict.fromkeys(submitting))
    covered = {_committee(programme, one) for one in handed_in}
    given = dict.fromkeys(a.committee for a in decision.allocations if a.amount > 0)
    return handed_in + tuple(
        one
        for committee in given
        if committee not in covered
        for one in _under(programme, committee)
    )


def _under(programme: Programme, committee_id: str) -> tuple[str, ...]:
    committee = programme.committee(committee_id)
    return tuple(a.id for a in committee.administrations) if committee else (committee_id,)


def _committee(programme: Programme, administration_id: str) -> str:
    committee = programme.committee_of(administration_id)
    return committee.id if committee else administration_id


def _contact(
    programme: Programme,
    duty: Duty,
    administration_id: str,
    officers: Mapping[str, Contact],
) -> Contact:
    keeps = officers.get(administration_id)
    if duty is Duty.CASE_OFFICER and keeps is not None and keeps.email:
        return keeps
    administration = programme.administration(administration_id)
    email = getattr(administration.recipients, duty) if administration else None
    if not email:
        return Contact()
    person = programme.person(email)
    return Contact(name=one_line(person.name) if person else "", email=email)


def _strategists(programme: Programme) -> Iterator[Recipient]:
    people = programme.with_role(Role.INVESTMENT_STRATEGIST)
    keys = _numbered(Duty.INVESTMENT_STRATEGIST)
    for person in people:
        yield Recipient(
            key=next(keys), contact=Contact(name=one_line(person.name), email=person.email)
        )
    if not people:
        yield Recipient(key=next(keys))


def _extras(
    extras: Iterable[ExtraRecipient], *, concerned: set[str], invests: bool
) -> Iterator[Recipient]:
    keys: dict[str, Iterator[str]] = {}
    for extra in extras:
        if extra.investment_only and not invests:
            continue
        if extra.committees and concerned.isdisjoint(extra.committees):
            continue
        name = one_line(extra.name)
        key = next(keys.setdefault(name, _numbered(f"{Duty.EXTRA}:{name}")))
        yield Recipient(key=key, kind=extra.kind, contact=Contact(name=name, email=extra.email))


def _numbered(key: str) -> Iterator[str]:
    yield key
    yield from (f"{key}:{number}" for number in count(2))


def one_line(name: str) -> str:
    """A name wrapped over two lines is one name (R003-10)."""
    return " ".join(name.split())
