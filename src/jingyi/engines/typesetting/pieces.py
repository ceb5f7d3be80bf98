"""A document as plain pieces for the typesetters: one list for PDF, DOCX and the page on the screen."""

from typing import Any

from jingyi.core.documents.model import Document, Paragraph

NUMBER = "（文号待填）"  # the official number comes from elsewhere


def pieces_of(document: Document, number: str = "") -> list[dict[str, Any]]:
    """Return `{"style", "first", "pieces": [{"text"}]}` for each paragraph.

    `first` tells whether the one before has another style. Rows that follow one another are one
    table, `{"style": "rows", "rows": [[label, *pieces]]}`.
    """
    found: list[dict[str, Any]] = []
    for paragraph in document.paragraphs:
        if paragraph.style == "number":
            given = [{"text": number or NUMBER}]
            found.append({"style": "number", "first": True, "pieces": given})
        elif paragraph.style == "rows":
            if not found or found[-1]["style"] != "rows":
                found.append({"style": "rows", "rows": []})
            found[-1]["rows"].append(_pieces(paragraph))
        else:
            first = not found or found[-1]["style"] != paragraph.style
            style = {"style": paragraph.style, "first": first}
            found.append({**style, "pieces": _pieces(paragraph)})
    return found


def _pieces(paragraph: Paragraph) -> list[dict[str, str]]:
    return [{"text": statement.text} for statement in paragraph.statements]
