"""The doors: web chat, webhooks, WeCom, and the client to the bot across the yard."""
