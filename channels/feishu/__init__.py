"""Feishu (飞书): events and card callbacks in, messages, cards and a group's robot out."""
