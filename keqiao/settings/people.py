"""How much is asked of people: of those at desks, of those who are told things."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings


class PeopleVariables(BaseSettings):
    """The operators' console; limits of handoffs, pushes and broadcasts."""

    console: bool = Field(
        default=True, description="Open the operators' console at /console of the gateway."
    )
    console_idle_minutes: Annotated[int, Field(ge=1, le=720)] = Field(
        default=30, description="Minutes after which an idle operator has to sign in anew."
    )
    handoff_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(
        default=10,
        description="Minutes of office hours after which a handoff that nobody took times out.",
    )
    handoff_silent_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(
        default=30,
        description="Minutes of office hours for which whoever took a handoff may say nothing.",
    )
    push_per_day: Annotated[int, Field(ge=1, le=100)] = Field(
        default=5, description="Pushes one person gets a day at most."
    )
    push_per_week: Annotated[int, Field(ge=1, le=500)] = Field(
        default=20, description="Pushes one person gets from Monday to Sunday at most."
    )
    broadcast_alone: Annotated[int, Field(ge=0)] = Field(
        default=200,
        description="Most people an operator may broadcast to without a second one's approval.",
    )
