"""Neighbour systems by Standard Webhooks."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class WebhookVariables(BaseSettings):
    """The generic webhook, in and out."""

    webhook_secret: SecretStr | None = Field(
        default=None,
        description="Standard Webhooks secret (whsec_...) for the generic webhook, in and out.",
    )
    webhook_out_url: str | None = Field(
        default=None, description="Where replies to the generic webhook are posted."
    )
    webhook_internal: bool = Field(
        default=False,
        description="Allow webhook_out_url to lie on this machine or in a private network.",
    )
