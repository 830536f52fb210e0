"""Text that speaks to a model: it is taken as it stands, and no model gets to see it."""

import re

_ORDERS = re.compile(
    r"(?:忽略|无视|忘记|不要理会).{0,10}(?:指示|指令|提示|规则|要求|设定)|提示词|你(?:现在)?是一?个?(?:ai|人工智能|语言模型|助手)"
    r"|(?:忽略|无视|忘记|不要理会)(?:以上|上面|上述|前面|之前|此前)"
    r"|(?:ignore|disregard|forget).{0,30}(?:instruction|prompt|rule)|system prompt",
    re.IGNORECASE,
)


def gives_orders(text: str) -> bool:
    """Whether a text speaks to a model rather than to people."""
    return _ORDERS.search(text) is not None
