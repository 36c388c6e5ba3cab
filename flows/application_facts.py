"""From answers to the document: what was answered, with names for ids, as the frozen facts it prints.

Every answer but those in NOT_PRINTED lands in the document; a test walks the form and sees to it.
Nothing is worded here: the document's template has the words. Punkt 3 is in application_figures.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flows import documents
from flows.answered import Answered, administration_name, begin, committee_name, extra
from flows.application_figures import calculations, split_table
from flows.case import Event, replay
from flows.dates import local_day
from flows.documents import Anchoring, Application, Attachment, Chair, Statement
from flows.events import Opinion, OutcomeReached, PersonId, Stage, Submitted
from flows.form import Answer, Ask, Form
from flows.programme import Programme, Stages
from flows.rules import CostKind

# Asked for the bot's own sake: where to stop, whom to ask, and what the tables already show.
NOT_PRINTED = frozenset({"secrecy", "calculation_by", "classification"})
MISSING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What a document says besides the answers.

    `day` is the submission's, also when it is issued again. `events` are the case's so far. `asked`
    are the committees whose chair the bot has asked in Slack.
    """

    stage: Stage
    day: date
    version: int
    case_number: str = MISSING
    draft: bool = False
    events: tuple[Event, ...] = ()
    names: Mapping[PersonId, str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    changes: tuple[str, ...] = ()  # a line for each answer that was changed since the last version
    attachments: tuple[Attachment, ...] = ()


def application(
    programme: Programme, answers: Mapping[str, Answer], edition: Edition
) -> Application:
    """Map the answers that apply to the document's facts; what is not answered is left out.

    Raises InvalidAnswer when the figures of a submitted version cannot be computed, which its
    checks have ruled out; a draft leaves such figures out.
    """
    answered = Answered(
        programme=programme,
        values={key: answer.value for key, answer in answers.items()},
        answers=answers,
        names=edition.names,
        draft=edition.draft,
    )
    values = answered.values
    whole = edition.stage is Stage.APPLICATION
    return Application(
        municipality=programme.municipality,
        stage="application" if whole else "proposal",
        draft=edition.draft,
        measure=values.get("title", MISSING),
        submitters=_submitters(programme, values),
        day=edition.day,
        registry_number=replay(edition.events).dnr or None,
        case_number=edition.case_number,
        version=edition.version,
        contact=documents.Contact(name=", ".join(values.get("contact", MISSING).splitlines())),
        changes=_changes(edition),
        first_assessment=_first_assessment(programme, edition) if whole else None,
        proposal=_proposal(answered),
        own_budget=_own_budget(answered) if whole else None,
        calculations=calculations(answered) if whole else None,
        concerned=_concerned(answered) if whole else None,
        anchoring=_anchoring(answered, edition),
        attachments=edition.attachments,
    )


def changed_since(events: Sequence[Event], form: Form, *, version: int) -> tuple[str, ...]:
    """The questions to name as changed in a version: only those that the one before it also had.

    When points 2-4 are added to a proposal, all of theirs are new and none is changed.
    """
    submitted = [event for event in events if isinstance(event, Submitted)]
    now = next((event for event in submitted if event.version == version), None)
    before = next((event for event in submitted if event.version == version - 1), None)
    if now is None or before is None:
        return ()
    if before.stage is now.stage:
        return now.changed
    first = {entry.key for entry in form if isinstance(entry, Ask) and entry.stage is before.stage}
    return tuple(key for key in now.changed if key in first)


def _submitters(programme: Programme, values: Mapping[str, Any]) -> tuple[documents.Submitter, ...]:
    return tuple(_submitter(programme, one) for one in values.get("administrations", ()))


def _submitter(programme: Programme, administration_id: str) -> documents.Submitter:
    committee = programme.committee_of(administration_id)
    name = administration_name(programme, administration_id)
    if committee is None:
        return documents.Submitter(committee=name)
    return documents.Submitter(committee=begin(committee.name), administration=name)


def _changes(edition: Edition) -> documents.Changes | None:
    if not edition.changes:
        return None
    return documents.Changes(since_version=edition.version - 1, lines=edition.changes)


def _first_assessment(programme: Programme, edition: Edition) -> documents.FirstAssessment | None:
    """The outcome that opened points 2-4 (R000-18, R000-19). A single pass has none."""
    if programme.stages is Stages.SINGLE:
        return None
    opened = [
        event
        for event in edition.events
        if isinstance(event, OutcomeReached) and event.outcome is Opinion.IN_LINE
    ]
    if not opened:
        return None
    return documents.FirstAssessment(forum=begin(programme.names.klg), day=local_day(opened[-1].at))


def _proposal(answered: Answered) -> documents.Proposal:
    values = answered.values
    return documents.Proposal(
        what=values.get("what"),
        reinforces=values.get("reinforces"),
        goal=values.get("goal"),
        scope=values.get("scope"),
        added_value=values.get("added_value"),
        motivation=values.get("motivation"),
        linked_to_direction=values.get("direction_linked"),
        political_direction=values.get("direction"),
        new_activity=values.get("new_activity"),
        new_activity_note=values.get("new_activity_reason"),
        effect=_effect(values),
        extra=extra(answered, point=1),
    )


def _effect(values: Mapping[str, Any]) -> documents.EffectContract | None:
    keys = ("effect_measure", "effect_baseline", "effect_goal", "effect_when")
    if not any(key in values for key in keys):
        return None
    measure, baseline, goal, when = (values.get(key, MISSING) for key in keys)
    return documents.EffectContract(measure=measure, baseline=baseline, goal=goal, when=when)


def _own_budget(answered: Answered) -> documents.OwnBudget:
    values = answered.values
    return documents.OwnBudget(
        within_frame=values.get("own_budget"),
        analysis=values.get("analysis"),
        reason=values.get("own_budget_reason"),
        long_term_financing=values.get("long_term_financing"),
        extra=extra(answered, point=2),
    )


def _concerned(answered: Answered) -> documents.Concerned | None:
    """Punkt 4; None before anybody has said whether others are concerned."""
    if "others_concerned" not in answered.values:
        return None
    return documents.Concerned(
        committees=tuple(_committee(answered, one) for one in answered.values.get("concerned", ())),
        operating_split=split_table(answered, CostKind.OPERATING),
        investment_split=split_table(answered, CostKind.INVESTMENT),
        extra=extra(answered, point=4),
    )


def _committee(answered: Answered, administration_id: str) -> documents.ConcernedCommittee:
    values = answered.values
    who = _submitter(answered.programme, administration_id)
    return documents.ConcernedCommittee(
        committee=who.committee,
        administration=who.administration,
        how_included=values.get(f"included.{administration_id}"),
        costs_included=values.get(f"costs_included.{administration_id}"),
        explanation=values.get(f"costs_excluded_reason.{administration_id}"),
    )


def _anchoring(answered: Answered, edition: Edition) -> Anchoring:
    attested = answered.answers.get("attested")
    return Anchoring(
        conversations=tuple(
            documents.Conversation(
                day=talk.on,
                counterpart=talk.talked_with.value,
                committee=committee_name(answered.programme, talk.committee),
                note=talk.note,
            )
            for talk in sorted(answered.values.get("dialogue", ()), key=lambda talk: talk.on)
        ),
        attested=None
        if attested is None
        else Statement(name=answered.name(attested.by), at=attested.at),
        chairs=tuple(_chairs(answered, edition)),
    )


def _chairs(answered: Answered, edition: Edition) -> Iterable[Chair]:
    """The chairs of the nämnder that submit: who has confirmed, who was asked, who was not."""
    programme = answered.programme
    confirmed = {said.committee: said for said in replay(edition.events).chairs}
    asked = (programme.committee_of(one) for one in answered.values.get("administrations", ()))
    for committee in dict.fromkeys(one for one in asked if one is not None):
        said = confirmed.get(committee.id)
        if said is not None:
            name = answered.name(said.by)
            yield Chair(name=name, committee=committee.name, asked=True, confirmed_at=said.at)
            continue
        for person in programme.chairs_of(committee.id):
            is_asked = committee.id in edition.asked
            yield Chair(name=person.name, committee=committee.name, asked=is_asked)
