"""Floors of what is read from labelled needs: as reached, rounded down."""

from pathlib import Path

import pytest

from keqiao.evaluation.needs import figures, mark_all, read_labelled

FOLDER = Path(__file__).parent / "needs"
FLOORS = {
    # name of the file: micro F1, F1 of the weakest slot, values invented at most
    "development": (0.98, 0.97, 0),
    "second": (0.97, 0.95, 0),
    "third": (0.98, 0.97, 3),
    "fourth": (0.98, 0.94, 0),
    "fourth_held_out": (0.92, 0.75, 2),
    "held_out": (0.91, 0.70, 8),
}
"""Development was tuned on, second, third and fourth looked at after their first run, the others
never."""


@pytest.mark.parametrize("name", FLOORS)
def test_what_is_read_stays_as_good_as_it_was(name: str) -> None:
    micro, weakest, invented = FLOORS[name]

    found = figures(mark_all(read_labelled(FOLDER / f"{name}.jsonl"), lambda _: None))

    slots = {
        slot: values["f1"] for slot, values in found["slots"].items() if values["f1"] is not None
    }
    assert found["micro"]["f1"] >= micro, found
    assert min(slots.values()) >= weakest, slots
    assert found["micro"]["invented"] <= invented, found["slots"]
