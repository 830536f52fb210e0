"""Every name in the bot's YAML means something, and everything that is defined is used."""

import pytest

from tests.contract.bot.house import (
    BOT,
    FALLBACK,
    RASAS_OWN,
    actions_text,
    domain,
    examples,
    load,
    said_in_steps,
    sentences,
    used_in_actions,
)

INTENTS = set(domain()["intents"])
ACTIONS = set(domain()["actions"])
RESPONSES = set(domain()["responses"])
SLOTS = set(domain()["slots"])
FORMS = set(domain()["forms"])


def interruptions() -> set[str]:
    policies = load(BOT / "config.yml")["policies"]
    return {intent for policy in policies for intent in policy.get("interruptions", ())}


def test_every_intent_has_examples_and_every_example_an_intent() -> None:
    assert set(examples()) == INTENTS


def test_every_intent_is_served_by_a_rule_and_every_rule_serves_an_intent() -> None:
    assert said_in_steps("intent") == INTENTS | {FALLBACK}


@pytest.mark.parametrize("intent", sorted(INTENTS))
def test_an_intent_has_forty_examples(intent: str) -> None:
    assert len(examples()[intent]) >= 40


def test_every_action_of_a_rule_is_defined() -> None:
    assert said_in_steps("action") <= ACTIONS | RESPONSES | FORMS


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_action_of_the_domain_is_implemented(action: str) -> None:
    assert used_in_actions(action)


def test_every_implemented_action_is_in_the_domain() -> None:
    names = {name for name in actions_text()[0] if name.startswith(("action_", "validate_"))}
    bases = {name for name in names if any(other.startswith(f"{name}_") for other in ACTIONS)}
    assert names - bases <= ACTIONS | RASAS_OWN | {"action_extract_slots"}


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_action_is_called_by_a_rule_or_by_the_form(action: str) -> None:
    by_form = {f"validate_{form}" for form in FORMS} | {f"action_ask_{slot}" for slot in SLOTS}
    assert action in said_in_steps("action") | by_form | RASAS_OWN


def test_every_response_that_actions_say_is_in_the_domain() -> None:
    names = {name for name in actions_text()[0] if name.startswith("utter_")}
    assert names <= RESPONSES


@pytest.mark.parametrize("response", sorted(RESPONSES))
def test_a_response_is_said_by_a_rule_or_an_action(response: str) -> None:
    assert response in said_in_steps("action") or used_in_actions(response)


def test_forms_ask_for_slots_that_exist_and_can_be_asked_for() -> None:
    for form in domain()["forms"].values():
        for slot in form["required_slots"]:
            assert slot in SLOTS
            assert {f"action_ask_{slot}", f"utter_ask_{slot}"} & (ACTIONS | RESPONSES)


def test_rules_open_forms_that_exist() -> None:
    assert said_in_steps("active_loop") <= FORMS


def test_slots_are_written_out_because_rasa_breaks_on_aliases_there() -> None:
    for path in sorted((BOT / "domain").glob("*.yml")):
        slots = load(path).get("slots", {}).values()
        assert len({id(slot) for slot in slots}) == len(slots), path.name


def test_slots_are_filled_by_actions_alone() -> None:
    for name, slot in domain()["slots"].items():
        assert slot["type"] == "any", name
        assert slot["influence_conversation"] is False, name
        assert slot["mappings"] == [{"type": "custom"}], name


def test_what_interrupts_a_form_is_an_intent() -> None:
    assert interruptions() <= INTENTS


def test_what_people_answer_a_form_never_interrupts_it() -> None:
    answers = {"inform", "affirm", "deny", "skip", "correct_need", "submit_need", FALLBACK}
    answers |= {"open_form"}  # another form is opened by the one that is open
    answers |= {"supplement_need"}  # 补充 in the middle of a form is meant for it
    assert not interruptions() & answers
    assert interruptions() | answers == INTENTS | {FALLBACK}


def test_one_feature_word_a_file() -> None:
    words = {path.stem for path in (BOT / "domain").glob("*.yml")}
    assert {path.stem for path in (BOT / "data" / "nlu").glob("*.yml")} == words
    assert {path.stem for path in (BOT / "data" / "rules").glob("*.yml")} == words


def test_no_sentence_teaches_two_intents() -> None:
    everything = [sentence for found in examples().values() for sentence in found]
    assert len(everything) == len(set(everything))


@pytest.mark.parametrize("folder", ["tests/nlu", "tests/nlu_held_out"])
def test_no_sentence_is_both_taught_and_tested(folder: str) -> None:
    taught = frozenset[str]().union(*examples().values())
    tested = sentences(folder)
    assert set(tested) == INTENTS
    assert not taught & frozenset[str]().union(*tested.values())


def test_what_a_button_says_is_not_a_command_of_rasas() -> None:
    for name, variants in domain()["responses"].items():
        for variant in variants:
            for button in variant.get("buttons", ()):
                assert not button["payload"].startswith("/"), name


def test_the_dictionary_is_the_one_that_knowledge_cuts_with() -> None:
    ours = BOT / "dictionary" / "keqiao.txt"
    theirs = BOT.parent / "knowledge" / "lexicon" / "dictionary" / "keqiao.txt"
    assert ours.resolve() == theirs.resolve()
    assert theirs.is_file()
