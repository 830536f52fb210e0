"""The tree in the errors' docstring is the tree of the classes."""

import inspect

from core.domain import errors


def drawn() -> dict[str, str]:
    """Each error's parent as the docstring draws it."""
    parents: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        bare = line.lstrip("│├└─ ")
        name = bare.split(" ", 1)[0]
        if not name.endswith("Error"):
            continue
        depth = (len(line) - len(bare)) // 4
        del above[depth:]
        parents[name] = above[-1] if above else "Exception"
        above.append(name)
    return parents


def test_the_drawn_tree_is_the_tree_of_the_classes() -> None:
    classes = [
        value
        for _, value in inspect.getmembers(errors, inspect.isclass)
        if value.__module__ == errors.__name__
    ]
    assert drawn() == {one.__name__: one.__mro__[1].__name__ for one in classes}


def test_every_error_says_what_it_means() -> None:
    for name, value in inspect.getmembers(errors, inspect.isclass):
        assert value.__doc__, name
