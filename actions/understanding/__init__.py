"""Reading a need, a date or a lead time out of what people type, one module a kind of slot.

Nothing here is guessed: every value is found in the text, and what is ambiguous is said to be so.
"""
