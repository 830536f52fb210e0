"""The generic webhook, in and out, after the Standard Webhooks specification."""
