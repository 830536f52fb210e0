"""Every action of ours, joined with the use cases it needs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from rasa_sdk.interfaces import Action

from actions.binding import BindAccount, ChooseChannelAction, UnbindAction
from actions.events import ListEventsAction
from actions.feedback import GiveFeedbackAction
from actions.forms.desk import Desk
from actions.forms.load import load_forms
from actions.forms.steps import (
    AskForm,
    CancelForm,
    OpenForm,
    StartSession,
    SubmitAction,
    ValidateForm,
)
from actions.forms.storing import Store
from actions.forms.yielding import yielding
from actions.handoff import Handoff
from actions.idle import AcceptOffer, CancelIdle, OfferNeed, OpenNeed
from actions.orders import ListOrdersAction, RefuseOrderAction, TakeOrderAction
from actions.own_needs.answering import AcceptMatchAction, DeclineMatchAction
from actions.own_needs.looking import AskMatchesAction, ListNeedsAction
from actions.own_needs.pending import AsksBack, answered
from actions.own_needs.supplementing import SupplementNeedAction
from actions.own_needs.withdrawing import WithdrawNeedAction
from actions.policy import AnswerPolicy, OutOfScope
from actions.records import FindRecordsAction
from actions.reminders.planned import CancelReminderAction, ListRemindersAction
from actions.reminders.setting import SetReminderAction
from actions.subscriptions.many import ToMany
from actions.subscriptions.quiet import QuietKeeper
from actions.subscriptions.steps import (
    ListSubscriptionsAction,
    SetQuietHours,
    SubscribeAction,
    UnsubscribeAction,
)
from actions.turn import TurnAction
from actions.understanding.second import SecondReading
from core.ports.clock import Clock
from core.ports.knowledge_base import KnowledgeBase
from core.ports.unit_of_work import Units
from core.services.broadcasts.people import RefuseBroadcasts, TellRole
from core.services.events import ListEvents
from core.services.handoffs.opening import OpenHandoff
from core.services.libraries.finding import FindRecords
from core.services.matching.finding import FindMatches
from core.services.matching.needs import MatchNeed
from core.services.matching.orders import MoveOrder
from core.services.matching.own_orders import AnswerOrder, ListOrders
from core.services.needs import SubmitNeed
from core.services.own_needs.looking import ListNeeds, ListOwn, TraceNeed
from core.services.own_needs.moving import WithdrawNeed
from core.services.own_needs.offers import (
    AcceptMatch,
    DeclineMatches,
    LastOffer,
    OfferMatches,
)
from core.services.own_needs.supplements import SupplementNeed
from core.services.people.binding import MakeCode, UseCode
from core.services.people.choosing import ChooseChannel, FindPerson
from core.services.people.leaving import Unbind
from core.services.people.telling import BondWords
from core.services.questions import AnswerQuestion, GiveFeedback
from core.services.reminders import CancelReminders, ListReminders, SetReminder
from core.services.submissions import DecideSubmission, SubmitForm
from core.services.subscriptions import (
    KeepQuiet,
    ListSubscriptions,
    Subscribe,
    Unsubscribe,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What tells others something, in words that are not the bot's."""

    open_handoff: OpenHandoff
    decide_submission: DecideSubmission
    move_order: MoveOrder
    bond_words: BondWords


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """What the actions do."""

    answer_order: AnswerOrder
    answer_question: AnswerQuestion
    cancel_reminders: CancelReminders
    decide_submission: DecideSubmission
    find_records: FindRecords
    give_feedback: GiveFeedback
    keep_quiet: KeepQuiet
    list_events: ListEvents
    list_orders: ListOrders
    list_reminders: ListReminders
    list_subscriptions: ListSubscriptions
    open_handoff: OpenHandoff
    to_many: ToMany
    accept_match: AcceptMatch
    decline_matches: DeclineMatches
    last_offer: LastOffer
    list_needs: ListNeeds
    list_own: ListOwn
    offer_matches: OfferMatches
    supplement_need: SupplementNeed
    trace_need: TraceNeed
    withdraw_need: WithdrawNeed
    set_reminder: SetReminder
    submit_form: SubmitForm
    submit_need: SubmitNeed
    subscribe: Subscribe
    unsubscribe: Unsubscribe
    find_person: FindPerson
    make_code: MakeCode
    use_code: UseCode
    unbind: Unbind
    choose_channel: ChooseChannel

    @classmethod
    def on(
        cls,
        *,
        units: Units,
        clock: Clock,
        knowledge: KnowledgeBase,
        telling: Telling,
    ) -> Self:
        """All of them, on the given ports."""
        wakeups, words = telling.decide_submission.wakeups, telling.bond_words
        match_need = MatchNeed(units=units, clock=clock, knowledge=knowledge)
        find_matches = FindMatches(units=units, match_need=match_need)
        offer = OfferMatches(units=units, clock=clock, find=find_matches)
        return cls(
            answer_order=AnswerOrder(units=units, move=telling.move_order),
            answer_question=AnswerQuestion(units=units, clock=clock, knowledge=knowledge),
            cancel_reminders=CancelReminders(units=units, clock=clock),
            decide_submission=telling.decide_submission,
            find_records=FindRecords(units=units, clock=clock, knowledge=knowledge),
            give_feedback=GiveFeedback(units=units, clock=clock),
            keep_quiet=KeepQuiet(units=units, clock=clock),
            list_events=ListEvents(units=units),
            list_orders=ListOrders(units=units),
            list_reminders=ListReminders(units=units),
            list_subscriptions=ListSubscriptions(units=units),
            open_handoff=telling.open_handoff,
            to_many=ToMany(
                RefuseBroadcasts(units=units, clock=clock), TellRole(units=units, clock=clock)
            ),
            accept_match=AcceptMatch(units=units, clock=clock),
            decline_matches=DeclineMatches(units=units, clock=clock),
            last_offer=LastOffer(units=units),
            list_needs=ListNeeds(units=units),
            list_own=ListOwn(units=units),
            offer_matches=offer,
            supplement_need=SupplementNeed(units=units, clock=clock, offer=offer),
            trace_need=TraceNeed(units=units),
            withdraw_need=WithdrawNeed(units=units, clock=clock),
            set_reminder=SetReminder(units=units),
            submit_form=SubmitForm(units=units, clock=clock),
            submit_need=SubmitNeed(units=units, clock=clock, match_need=match_need),
            subscribe=Subscribe(units=units, clock=clock),
            unsubscribe=Unsubscribe(units=units, clock=clock),
            find_person=FindPerson(units=units),
            make_code=MakeCode(units=units, clock=clock),
            use_code=UseCode(units=units, clock=clock, wakeups=wakeups, words=words),
            unbind=Unbind(units=units, clock=clock, wakeups=wakeups, words=words),
            choose_channel=ChooseChannel(units=units, clock=clock),
        )


def make_actions(
    use: UseCases, *forms: Path, second: SecondReading | None = None
) -> tuple[Action, ...]:
    """Every action named in bot/domain, as instances for the action server.

    `forms` are folders with descriptions of forms beside those of this package; needs are read
    again by `second`.

    Raises:
        BadInputError: a description cannot be used.
    """
    desk = Desk(forms=load_forms(*forms), list_open=use.list_events, second=second)
    lister = ListEventsAction(use.list_events)
    handoff = Handoff(use.open_handoff)
    canceller = CancelReminderAction(use.cancel_reminders, use.list_reminders)
    subscriptions = ListSubscriptionsAction(use.list_subscriptions)
    quiet = QuietKeeper(use.keep_quiet, use.list_subscriptions)
    subscribe = SubscribeAction(use.subscribe, subscriptions, quiet, use.to_many)
    own = own_needs(use)
    feedback = GiveFeedbackAction(use.give_feedback)
    policy = AnswerPolicy(use.answer_question, lister, desk)
    interrupting = (
        lister,
        SetReminderAction(use.set_reminder, use.list_events, canceller, use.list_subscriptions),
        ListRemindersAction(use.list_reminders),
        canceller,
        subscribe,
        UnsubscribeAction(use.unsubscribe, subscriptions, quiet, use.to_many),
        subscriptions,
        SetQuietHours(quiet, subscribe),
        handoff,
        FindRecordsAction(use.find_records, policy),
        *orders(use),
        BindAccount(use.make_code, use.use_code, use.find_person),
        UnbindAction(use.unbind, use.find_person),
        ChooseChannelAction(use.choose_channel, use.find_person),
    )
    may_be_answers = (
        *own,
        policy,
        OutOfScope(lister, desk),
        OpenNeed(),
        OfferNeed(desk, canceller, lister),
        AcceptOffer(handoff, feedback),
        CancelIdle(canceller),
        feedback,
    )
    return (
        StartSession(),
        OpenForm(desk),
        ValidateForm(desk),
        AskForm(desk),
        SubmitAction(desk, Store(submit_need=use.submit_need, submit_form=use.submit_form)),
        CancelForm(desk),
        *yielding((*interrupting, *answered(may_be_answers, own)), desk),
    )


def orders(use: UseCases) -> tuple[TurnAction, ...]:
    """What a provider does with orders."""
    listing = ListOrdersAction(use.list_orders)
    return (
        listing,
        TakeOrderAction(use.list_orders, use.answer_order, listing),
        RefuseOrderAction(use.list_orders, use.answer_order, listing),
    )


def own_needs(use: UseCases) -> tuple[AsksBack, ...]:
    """What a person does with what was submitted."""
    list_needs = use.list_needs
    matches = AskMatchesAction(list_needs, use.offer_matches)
    return (
        ListNeedsAction(use.list_own, use.trace_need),
        matches,
        WithdrawNeedAction(use.list_own, use.withdraw_need, use.decide_submission),
        SupplementNeedAction(list_needs, use.supplement_need),
        AcceptMatchAction(use.last_offer, matches, use.accept_match),
        DeclineMatchAction(use.last_offer, matches, use.decline_matches),
    )
