"""A document laid on the grid of 22 lines by 28 characters, for the page on the screen.

It counts characters where the PDF's typesetter measures glyphs, so that a page may break a line
sooner or later than on paper; the PDF is what counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from jingyi.core.documents.model import Document, Statement

LINES, CELLS = 22, 28
INDENTED = frozenset({"heading", "body", "attachment"})
# lines left empty before and after a paragraph of a style
BEFORE = {"signature": 2, "attachment": 1}
AFTER = {"title": 1, "number": 1}
ROW = 0.3  # a row's rule and the air around it, in lines
STAYS = frozenset({"heading"})  # never last on a page
OPENS = frozenset("（《〈〔【“‘「『")  # never last on one
# advances of the Latin letters of a Song face, in characters; everything else is one
NARROW = (
    dict.fromkeys("0123456789", 0.56) | dict.fromkeys("abcdefghijklmnopqrstuvwxyz", 0.54)
    | dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0.67) | dict.fromkeys(".,:;'!", 0.29)
    | dict.fromkeys("-/()", 0.36) | {" ": 0.23, "%": 0.9}
)  # fmt: skip
LATIN = NARROW.keys() - {" "}
SLACK = 0.01
SHUTS = frozenset("，。、；：？！）》〕】”’」』")  # never first on a line


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, or the part of it that stands on a page."""

    place: str
    text: str
    statement: Statement
    begins: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or the part of it that stands on a page; `continued` has no indent."""

    style: str
    pieces: tuple[Piece, ...]
    continued: bool = False
    goes_on: bool = False  # to the next page

    @property
    def indented(self) -> bool:
        return self.style in INDENTED and not self.continued


@dataclass(slots=True)
class Page:
    """One page; its `number` is right where odd, left where even."""

    number: int
    blocks: list[Block] = field(default_factory=list)
    left: float = LINES

    @property
    def odd(self) -> bool:
        return self.number % 2 == 1


def pages_of(document: Document) -> list[Page]:
    """Return the pages of `document`, in order."""
    pages = [Page(1)]
    blocks = list(_blocks(document))
    for n, block in enumerate(blocks):
        if not n or blocks[n - 1].style != block.style:
            pages[-1].left -= BEFORE.get(block.style, 0)
        _lay(block, pages, stays=block.style in STAYS and n + 1 < len(blocks))
        pages[-1].left -= AFTER.get(block.style, 0)
    return pages


def _lay(block: Block, pages: list[Page], *, stays: bool) -> None:
    """Put a block on the last page and, as far as it does not fit, on new ones."""
    page = pages[-1]
    if block.style == "rows":
        need = len(lines_of(block.pieces[1:], 19)) + ROW
        if need > page.left and page.blocks:
            pages.append(page := Page(page.number + 1))
        page.blocks.append(block)
        page.left -= need
        return
    lines = lines_of(block.pieces, indent=2 if block.indented else 0)
    room = max(int(page.left) - stays, 0)
    if len(lines) <= room:
        page.blocks.append(block)
        page.left -= len(lines)
        return
    head, tail = _cut(block, sum(lines[:room]))
    if head.pieces:
        page.blocks.append(head)
    pages.append(Page(page.number + 1))
    _lay(tail, pages, stays=False)


def _blocks(document: Document) -> Iterator[Block]:
    for n, paragraph in enumerate(document.paragraphs):
        yield Block(
            paragraph.style,
            tuple(
                Piece(f"{n}.{m}", statement.text, statement)
                for m, statement in enumerate(paragraph.statements)
            ),
        )


def lines_of(pieces: Sequence[Piece], cells: int = CELLS, *, indent: int = 0) -> list[int]:
    """Return how many characters of the pieces' text stand on each line."""
    found: list[int] = []
    count, room = 0, cells - indent + SLACK
    for word in _words("".join(piece.text for piece in pieces)):
        width = sum(map(_width, word))
        if width > room and count:
            found.append(count)
            count, room = 0, cells + SLACK
        count += len(word)
        room -= width
    return [*found, count]


def _words(text: str) -> Iterator[str]:
    """Yield what is not broken: a number, a Latin word, a character with the marks that cling to it."""
    word = ""
    for character in text:
        clings = character in SHUTS or (word and word[-1] in OPENS) or _runs_on(word, character)
        if word and not (clings and len(word) < CELLS // 2):
            yield word
            word = ""
        word += character
    if word:
        yield word


def _runs_on(word: str, character: str) -> bool:
    return bool(word) and word[-1] in LATIN and character in LATIN


def _width(character: str) -> float:
    return NARROW.get(character, 1.0)


def _cut(block: Block, at: int) -> tuple[Block, Block]:
    """Return the block's first `at` characters and the rest."""
    if not at:
        return Block(block.style, ()), block
    head: list[Piece] = []
    tail: list[Piece] = []
    for piece in block.pieces:
        if at > 0:
            head.append(replace(piece, text=piece.text[:at]))
        if at < len(piece.text):
            begins = piece.begins and at <= 0
            tail.append(replace(piece, text=piece.text[max(at, 0) :], begins=begins))
        at -= len(piece.text)
    return replace(block, pieces=tuple(head), goes_on=True), Block(
        block.style, tuple(tail), continued=True
    )
