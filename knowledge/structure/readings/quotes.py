"""A reading cut from a block or a sentence, with its place in the source."""

from core.domain.documents import Reading
from knowledge.structure.chunks import Sentence
from knowledge.structure.lines import Block


def quoted(name: str, value: str, block: Block, span: tuple[int, int], *, part: int) -> Reading:
    """A reading whose quote is `block.text[span]`, as the source has it."""
    start, end = block.span(*span)
    return Reading(name=name, value=value, start=start, end=end, part=part)


def stated(
    name: str, value: str, sentence: Sentence, details: tuple[tuple[str, str], ...] = ()
) -> Reading:
    """A reading whose quote is a whole sentence or row."""
    return Reading(
        name=name,
        value=value,
        start=sentence.start,
        end=sentence.end,
        part=sentence.part,
        details=details,
    )
