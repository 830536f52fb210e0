"""The doors: web chat, webhooks, WeChat, WeCom, and the client to the bot across the yard."""
