"""What people do to a case's or lead's documents, and to the facts and exhibits of a case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from jingyi.core import rulebook
from jingyi.core.documents import check
from jingyi.core.documents.draft import draft, in_words, joined
from jingyi.core.documents.model import Document as Paper
from jingyi.core.documents.model import File
from jingyi.core.law import Source
from jingyi.core.ledger import canonical
from jingyi.core.refusal import Refusal
from jingyi.engines.typesetting.pdf import to_pdf
from jingyi.web.accounts.models import User
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.documents.facts import file_of
from jingyi.web.cases.documents.lead import file_of_lead, issuer_of
from jingyi.web.cases.documents.models import Document, Exhibit, Fact, Version
from jingyi.web.cases.models import Case
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob
from jingyi.web.leads.models import Incident
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require


class DocumentChanged(Refusal):
    """Somebody else has changed the document since it was read."""


class Signed(Refusal):
    """A signed document is not changed any more."""


# ---------------------------------------------------------------- exhibits and facts


@transaction.atomic
def add_exhibit(
    *,
    case: Case,
    blob: Blob,
    name: str,
    kind: str,
    made_on: date | None = None,
    source: str = "",
    by: User,
    at: datetime,
) -> Exhibit:
    """Put a sealed file among a case's exhibits, under the next number."""
    require_on(by, "document.draft", case)
    if made_on and made_on > timezone.localdate(at):
        raise Refusal("证据的形成日期 {on} 还没有到，请核对。", on=made_on)
    Case.objects.select_for_update().get(pk=case.pk)  # one number at a time
    last = case.exhibits.aggregate(last=Max("number"))["last"] or 0
    found = Exhibit.objects.create(
        case=case, number=last + 1, blob=blob, name=name, kind=kind, made_on=made_on,
        source=source, by=by, at=at,
    )  # fmt: skip
    facts = {"number": found.number, "name": name, "kind": kind, "sha256": blob.sha256}
    _enter("exhibit.added", case, facts, by, at)
    return found


@transaction.atomic
def enter_fact(
    *,
    case: Case,
    kind: str,
    text: str,
    on: date | None,
    exhibits: Sequence[str],
    articles: Sequence[Source],
    by: User,
    at: datetime,
) -> Fact:
    """Enter a fact with the exhibits that prove it and the law it falls under.

    Raises:
        Refusal: an exhibit or an article that this kind of fact needs is missing, an exhibit is not
            of this case or is no proof, or an article was not in force on the day of the fact.
    """
    require_on(by, "document.draft", case)
    wanted = rulebook.fact_kinds()[kind]
    file = file_of(case, on=on or timezone.localdate(at))
    if unknown := set(exhibits) - file.exhibits.keys():
        raise Refusal("案卷里没有这份证据：{key}。请先登记证据。", key=min(unknown))
    named = [file.exhibits[key] for key in exhibits]
    problems = list(check.faults_of_fact(text, named, articles, on, wanted))
    if problems:
        raise Refusal("这项事实还不能登记：{why}。", why=joined(tuple(problems)))
    found = Fact.objects.create(
        case=case, kind=kind, text=text, on=on, exhibits=list(exhibits),
        articles=[[source.instrument.id, source.article] for source in articles], by=by, at=at,
    )  # fmt: skip
    facts = {
        "fact": found.pk,
        "kind": kind,
        "content": sha256(text.encode()).hexdigest(),
        "exhibits": found.exhibits,
        "articles": found.articles,
    }
    _enter("fact.entered", case, facts, by, at)
    return found


@transaction.atomic
def withdraw_fact(*, fact: Fact, reason: str, by: User, at: datetime) -> Fact:
    """Take a fact back; it stays on file, struck through. Documents made of it stay as they are."""
    require_on(by, "document.draft", fact.case)
    if fact.withdrawn_at:
        raise Refusal("这项事实已经撤回。")
    if not reason.strip():
        raise Refusal("请写明撤回的理由，它随这项事实一起留存。")
    fact.withdrawn_at, fact.withdrawn_by = at, by
    fact.withdrawn_reason = reason.strip()
    fact.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    facts = {"fact": fact.pk, "reason": fact.withdrawn_reason}
    _enter("fact.withdrawn", fact.case, facts, by, at)
    return fact


# ---------------------------------------------------------------- documents


@transaction.atomic
def draft_document(*, case: Case, kind: str, by: User, at: datetime) -> Document:
    """Make the first version of a document from the facts as they stand.

    Raises:
        NotDrafted: with everything that is missing, unproved, repealed or no proof.
    """
    require_on(by, "document.draft", case)
    today = timezone.localdate(at)
    template = rulebook.document(kind)
    paper = draft(template, file_of(case, on=today), on=today, author=case.office.name)
    Case.objects.select_for_update().get(pk=case.pk)  # one place at a time
    last = case.documents.aggregate(last=Max("place"))["last"] or 0
    found = Document.objects.create(case=case, kind=kind, place=last + 1, latest=0)
    _keep(found, paper, Version.How.DRAFTED, by, at)
    return found


@transaction.atomic
def draft_for_lead(*, incident: Incident, kind: str, by: User, at: datetime) -> Document:
    """Make the first version of a document of a lead that has no case.

    Raises:
        NotDrafted: with everything that is missing.
    """
    template = rulebook.document(kind)
    office = issuer_of(incident, template.after)
    require(by, "document.draft", office)
    today = timezone.localdate(at)
    file = file_of_lead(incident, office, on=today)
    paper = draft(template, file, on=today, author=office.name)
    Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)  # one place at a time
    last = incident.documents.aggregate(last=Max("place"))["last"] or 0
    found = Document.objects.create(
        incident=incident, office=office, kind=kind, place=last + 1, latest=0
    )
    _keep(found, paper, Version.How.DRAFTED, by, at)
    return found


@transaction.atomic
def draft_again(*, document: Document, version: int, by: User, at: datetime) -> Version:
    """Make a new version from the facts as they stand now; what was written by hand is not kept."""
    document = _open(document, version, by)
    today = timezone.localdate(at)
    file = file_behind(document, on=today)
    template = rulebook.document(document.kind)
    paper = draft(template, file, on=today, author=document.issuer.name)
    if paper == paper_of(document):
        raise Refusal("事实没有变化，与现在的版本相同，不另存版本。")
    return _keep(document, paper, Version.How.DRAFTED, by, at)


@transaction.atomic
def edit_document(
    *, document: Document, texts: Mapping[str, str], version: int, by: User, at: datetime
) -> Version:
    """Change sentences; each changed one loses its citation mark.

    Args:
        texts: the new words by place, ``{"4.0": "…"}``.

    Raises:
        DocumentChanged: somebody else saved a version since. Signed: it is signed.
        NotSound: a sentence would be empty, or nothing is changed.
    """
    document = _open(document, version, by)
    return _keep(document, check.edited(paper_of(document), texts), Version.How.EDITED, by, at)


@transaction.atomic
def cite_again(
    *,
    document: Document,
    place: str,
    exhibits: Iterable[str],
    articles: Sequence[Source],
    on: date | None,
    version: int,
    by: User,
    at: datetime,
) -> Version:
    """Give an edited sentence its mark again: what proves it, what it cites.

    Raises:
        NotSound: the citation does not hold; the sentence says why.
    """
    document = _open(document, version, by)
    file = file_behind(document, on=timezone.localdate(at))
    paper = check.cite_again(
        paper_of(document),
        place,
        exhibits=tuple(file.exhibits[key] for key in exhibits if key in file.exhibits),
        articles=tuple(articles),
        on=on,
    )
    return _keep(document, paper, Version.How.CITED, by, at)


@transaction.atomic
def sign_document(*, document: Document, version: int, by: User, at: datetime) -> Version:
    """Sign the version that stands; it then bears this day and is not changed any more.

    Raises:
        NotSound: a sentence has no citation, or one that no longer holds today.
        Refusal: an exhibit is missing from the vault, or is not what was sealed.
    """
    document = _open(document, version, by, rulebook.document(document.kind).signs)
    today = timezone.localdate(at)
    paper = dated(paper_of(document), today)
    template = rulebook.document(document.kind)
    if reasons := check.faults(paper, template, rulebook.instruments(), on=today):
        raise check.NotSound("现在不能签发：{why}。", why=joined(reasons))
    _require_exhibits(document, paper, today)
    document.signed_by, document.signed_at = by, at
    return _keep(document, paper, Version.How.SIGNED, by, at)


@transaction.atomic
def set_number(*, document: Document, number: str, by: User, at: datetime) -> Document:
    """Quote the official number that the national system gave. This system gives none."""
    document = _locked(document, by, "document.draft")
    if document.sealed_id or document.blob_id:
        raise Signed("这份文书已经封存，文号不再改动。")
    document.number = number.strip()
    document.save(update_fields=["number"])
    facts = {"document": document.place, "number": document.number}
    _note("document.numbered", document, facts, by, at)
    return document


@transaction.atomic
def seal_document(*, document: Document, by: User, at: datetime) -> Document:
    """Seal the signed version as PDF/A in the vault; of a case, as an exhibit of it.

    Raises:
        Refusal: it is not signed, or sealed already. NoChineseFont: it cannot be printed here.
    """
    document = _locked(document, by, "document.draft")
    if not document.signed_at:
        raise Refusal("签发之后才能封存。")
    if document.blob_id:
        raise Signed("这份文书已经封存。")
    if document.sealed_id:
        raise Signed("这份文书已经封存为证据{n}。", n=document.sealed.number)
    paper = paper_of(document)
    made = to_pdf(paper, number=document.number)
    blob = seal(chunks=[made], media_type="application/pdf", at=at)
    if document.case:
        document.sealed = add_exhibit(
            case=document.case,
            blob=blob,
            name=f"{paper.title} {document.number}".strip() + ".pdf",
            kind=Exhibit.Kind.DOCUMENT,
            made_on=paper.on,
            source=paper.author,
            by=by,
            at=at,
        )
    else:
        document.blob = blob
    document.save(update_fields=["sealed", "blob"])
    facts = {"document": document.place, "n": document.latest, "sha256": blob.sha256}
    _note("document.sealed", document, facts, by, at)
    return document


def paper_of(document: Document, n: int | None = None) -> Paper:
    """Return a version as the core's document; by default the one that stands."""
    version = document.versions.get(n=n or document.latest)
    return Paper.from_json(version.content)


def file_behind(document: Document, *, on: date) -> File:
    """Return the facts that the document is made of: its case's, or its lead's."""
    if document.case:
        return file_of(document.case, on=on)
    return file_of_lead(document.incident, document.office, on=on)


def _require(user: User, act: str, document: Document) -> None:
    if document.case:
        require_on(user, act, document.case)
    else:
        require(user, act, document.office)


def _require_exhibits(document: Document, paper: Paper, on: date) -> None:
    """Refuse a document one of whose exhibits left the file, or is not what was sealed."""
    here = file_behind(document, on=on).exhibits
    for key, one in paper.exhibits.items():
        if key not in here:
            raise check.NotSound("现在不能签发：“{name}”已经不在案卷里。", name=one.name)
        if one.sha256:
            for _chunk in vault.read(one.sha256, folder=settings.VAULT):
                pass  # it refuses by itself, before the end


def dated(paper: Paper, on: date) -> Paper:
    """Return the document with the day `on` in its place for the date."""
    for place, statement in paper.statements():
        if paper.style_of(place) == "date":
            paper = paper.with_statement(place, replace(statement, text=in_words(on)))
    return replace(paper, on=on)


def _open(document: Document, version: int, by: User, act: str = "document.draft") -> Document:
    """Return the document, locked, for whoever may change it and has read the latest version."""
    found = _locked(document, by, act)
    if found.signed_at:
        raise Signed("这份文书已经签发，不再改动。要改请另起草一份。")
    if found.latest != version:
        raise DocumentChanged("您打开之后，已有第 {n} 版。请先看这一版，再改动。", n=found.latest)
    return found


def _locked(document: Document, by: User, act: str) -> Document:
    """Return the document as it is now, locked; 404 for whoever may not do this to it."""
    _require(by, act, document)
    return (
        Document.objects.select_for_update(of=("self",))
        .select_related(
            "case__office__parent", "case__organ", "case__handler", "incident", "office__parent"
        )
        .get(pk=document.pk)
    )


def _keep(document: Document, paper: Paper, how: str, by: User, at: datetime) -> Version:
    document.latest += 1
    document.save(update_fields=["latest", "signed_by", "signed_at"])
    content = paper.to_json()
    version = Version.objects.create(
        document=document, n=document.latest, content=content, how=how, by=by, at=at
    )
    facts = {
        "document": document.place,
        "kind": document.kind,
        "n": version.n,
        "content": sha256(canonical(content)).hexdigest(),
        "uncited": len(paper.uncited()),
    }
    _note(f"document.{how}", document, facts, by, at)
    return version


def _note(kind: str, document: Document, facts: Mapping[str, Any], by: User, at: datetime) -> None:
    """Enter an act on a document in the ledger, under its case or its lead."""
    if document.case:
        _enter(kind, document.case, facts, by, at)
        return
    subject = f"incident:{document.incident.ref}"
    ledger.append(kind=kind, subject=subject, facts=facts, by=by, at=at, office=document.office)


def _enter(kind: str, case: Case, facts: Mapping[str, Any], by: User, at: datetime) -> None:
    ledger.append(
        kind=kind, subject=f"case:{case.ref}", facts=facts, by=by, at=at, office=case.office
    )
