"""A process that dies in the middle."""

from core.ports.unit_of_work import Units


class DyingUnits:
    """Units whose process dies before one of its commits."""

    def __init__(self, units: Units, before: int) -> None:
        self.units = units
        self.left = before

    def __call__(self) -> object:
        """A unit."""
        unit = self.units()
        commit = unit.commit

        def dying() -> None:
            self.left -= 1
            if not self.left:
                raise KeyboardInterrupt
            commit()

        unit.commit = dying  # type: ignore[method-assign]  # the unit is ours
        return unit
