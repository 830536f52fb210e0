"""Accounts of operators, made and taken away on the command line."""

from dataclasses import dataclass, replace

from core.domain.errors import ConflictError, NotFoundError
from core.domain.operating.operators import Operator, OperatorRole, check_name
from core.domain.operating.passwords import seal
from core.ports.clock import Clock
from core.ports.unit_of_work import Units


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOperator:
    """Let somebody sign in."""

    units: Units
    clock: Clock

    def __call__(self, name: str, role: OperatorRole, password: str) -> Operator:
        """The new operator.

        Raises:
            BadInputError: the name or the password cannot be used.
            ConflictError: there is one of that name.
        """
        check_name(name)
        operator = Operator(
            name=name, role=role, password=seal(password), made_at=self.clock.now()
        )
        with self.units() as unit:
            if unit.operators.find(name) is not None:
                raise ConflictError(f"there is an operator {name} already")
            unit.operators.put(operator)
            unit.commit()
        return operator


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOperator:
    """Another password or role; whoever is signed in under that name has to do so anew."""

    units: Units

    def __call__(
        self, name: str, *, role: OperatorRole | None = None, password: str | None = None
    ) -> Operator:
        """The operator as it is now.

        Raises:
            BadInputError: the password cannot be used.
            NotFoundError: there is none of that name.
        """
        sealed = seal(password) if password is not None else None
        with self.units() as unit:
            before = unit.operators.find(name)
            if before is None:
                raise NotFoundError(f"there is no operator {name}")
            after = replace(before, role=role or before.role, password=sealed or before.password)
            unit.operators.put(after)
            unit.visits.end_all(name)
            unit.commit()
        return after


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveOperator:
    """Let somebody sign in no more; signed in or not, at once."""

    units: Units

    def __call__(self, name: str) -> None:
        """Take it away; its deeds stay.

        Raises:
            NotFoundError: there is none of that name.
        """
        with self.units() as unit:
            unit.visits.end_all(name)
            if not unit.operators.remove(name):
                raise NotFoundError(f"there is no operator {name}")
            unit.commit()
