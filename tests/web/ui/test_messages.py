"""The translation tool: finds every text, keeps what is translated, says what is missing."""

import os

import polib
import pytest
from tools import messages

from jingyi.web.ui.messages import compile_messages


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A tree like ours, with texts written in every way they are written."""
    monkeypatch.setattr(messages, "SOURCE", tmp_path)

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    return write


def found(room):
    collected, wrong = messages.collect()
    assert wrong == []
    return {message.text for message in collected.get(messages.SOURCE / room, {})}


def test_python_is_read_by_its_meaning(source):
    source(
        "core/clocks.py",
        """
class CalendarGap(Refusal): pass
class Deeper(CalendarGap):
    def __init__(self): super().__init__("深处 {x}")
say("从 {day} 起", day=1)
say("甲" if x else "乙")
raise CalendarGap("日历不足")
raise Deeper("再往下")
_("一" "二")
ngettext("%(n)s 件", "%(n)s 件们", n)
pgettext("月", "五月")
print("不收")
say(variable)
""",
    )

    assert found("core") == {
        "深处 {x}", "从 {day} 起", "甲", "乙", "日历不足", "再往下", "一二", "%(n)s 件", "五月"
    }  # fmt: skip


def test_templates_are_read_by_django(source):
    source(
        "web/leads/templates/leads/desk.html",
        """{% load i18n %}{% translate "线索" %}{% translate '单引号' as x %}
{% blocktranslate with n=n %}共 {{ n }} 条{% endblocktranslate %}{% trans "月" context "日历" %}
{% blocktranslate count n=n %}{{ n }} 人{% plural %}{{ n }} 人们{% endblocktranslate %}
{{ x|default:_("没有") }} 不收{# _("注释里的不收") #} {% translate "100%" %}""",
    )

    assert found("web/leads") == {
        "线索", "单引号", "共 %(n)s 条", "月", "%(n)s 人", "没有", "100%%"
    }  # fmt: skip


def test_each_room_keeps_its_own_and_the_demo_keeps_none(source):
    source("web/cases/views.py", "_('案')")
    source("web/settings.py", "JINGYI_RAIL = [{'label': '今日', 'url': 'x'}]")
    source("core/triage/rank.py", "say('排序')")
    source("core/clocks.py", "say('期限')")
    source("cli/main.py", "say('命令')")
    source("demo/city.py", "say('虚构')")

    rooms = {room.relative_to(messages.SOURCE).as_posix() for room in messages.collect()[0]}

    assert rooms == {"web/cases", "web/ui", "core/triage", "core", "cli"}


def test_an_f_string_is_refused_with_its_line(source):
    source("core/a.py", "x = 1\nsay(f'共 {x} 条')\n")

    (wrong,) = messages.collect()[1]
    assert "core/a.py: line 2" in wrong


def test_translations_survive_and_the_unused_go(source, capsys):
    source("core/a.py", "say('留下')\nsay('新来')")
    path = source("core/locale/en/LC_MESSAGES/django.po", "")
    old = polib.POFile()
    old.extend(
        [polib.POEntry(msgid="留下", msgstr="kept"), polib.POEntry(msgid="走了", msgstr="gone")]
    )
    old.save(str(path))

    assert messages.main([]) == 1

    assert {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))} == {
        "留下": "kept",
        "新来": "",
    }
    assert "empty: 新来" in capsys.readouterr().out


def test_writing_twice_changes_nothing(source):
    source("core/a.py", "say('甲')")
    messages.main([])
    path = messages.catalogue(messages.SOURCE / "core")
    os.utime(path, (1, 1))

    messages.main([])

    assert path.stat().st_mtime == 1


@pytest.mark.parametrize(
    ("english", "fault"),
    [
        ("", "empty"),
        ("no gap", "gaps differ"),
        ("{other}", "gaps differ"),
        ("{day", "gaps differ"),
        ("from {day}", ""),
    ],
)
def test_check_tells_what_is_wrong_and_writes_nothing(source, capsys, english, fault):
    source("core/a.py", "say('自 {day}', day=1)")
    path = source("core/locale/en/LC_MESSAGES/django.po", "")
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="自 {day}", msgstr=english))
    catalogue.save(str(path))
    before = path.read_bytes()

    assert messages.main(["--check"]) == (1 if fault else 0)

    assert fault in capsys.readouterr().out
    assert path.read_bytes() == before


def test_a_text_translated_in_two_ways_is_told(source, capsys):
    for room, english in (("cases", "Case filed"), ("leads", "Opened")):
        source(f"web/{room}/views.py", "_('已立案')")
        path = source(f"web/{room}/locale/en/LC_MESSAGES/django.po", "")
        catalogue = polib.POFile()
        catalogue.append(polib.POEntry(msgid="已立案", msgstr=english))
        catalogue.save(str(path))

    assert messages.main(["--check"]) == 1
    assert "translated in two ways: 已立案" in capsys.readouterr().out


def test_compiled_catalogues_follow_their_source(tmp_path):
    path = tmp_path / "core/locale/en/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.append(polib.POEntry(msgid="甲", msgstr="first"))
    catalogue.append(polib.POEntry(msgid="乙", msgstr="unsure", flags=["fuzzy"]))
    catalogue.save(str(path))

    (made,) = compile_messages(tmp_path)

    assert {entry.msgid: entry.msgstr for entry in polib.mofile(str(made))} == {"甲": "first"}
    assert compile_messages(tmp_path) == []
    later = made.stat().st_mtime + 10
    os.utime(path, (later, later))
    assert compile_messages(tmp_path) == [made]
