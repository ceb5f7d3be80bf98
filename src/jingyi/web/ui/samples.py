"""Made-up content for the page of all components. Nothing here is true or about anybody."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from jingyi.core.words import say
from jingyi.web.ui import looks

HUES = range(1, 13)
INKS = ("ink-1", "ink-2", "ink-3", "ink-4", "edge")
PAPERS = ("paper-0", "paper-1", "paper-2", "wash")
SIGNALS = ("blue", "red", "amber", "green", "violet")


class SampleForm(forms.Form):
    """One field of each kind."""

    what = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    where = forms.CharField(required=False)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    source = forms.ChoiceField()
    agree = forms.BooleanField(required=False)
    photo = forms.FileField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "what": _("发生了什么事？"),
            "where": _("在哪里？"),
            "day": _("哪一天？"),
            "kind": _("您是否愿意留下联系方式？"),
            "source": _("来源"),
            "agree": _("我确认以上内容属实"),
            "photo": _("照片"),
        }
        for name, label in words.items():
            self.fields[name].label = label
        self.fields["what"].help_text = _("写下您看到的，例如“河水发黑有臭味”。")
        self.fields["what"].error_messages["required"] = _("请写下发生了什么事。")
        self.fields["kind"].error_messages["required"] = _("请选择是否留下联系方式。")
        self.fields["kind"].choices = [("no", _("不留，匿名举报")), ("yes", _("留下电话"))]
        self.fields["source"].choices = [("a", _("12345 热线")), ("b", _("公众举报"))]


def everything(_request: HttpRequest) -> dict[str, Any]:
    """Return the context of the components page."""
    now = timezone.now()
    today = timezone.localdate()
    return {
        "hues": HUES,
        "inks": INKS,
        "papers": PAPERS,
        "signals": SIGNALS,
        "domains": _domains(),
        "glyphs": list(looks.marks().values()),
        "soon": today + timedelta(days=5),
        "later": today + timedelta(days=41),
        "past": today - timedelta(days=3),
        "now": now,
        "form": None,  # the page is not wrong, only its sample is
        "fresh": SampleForm(auto_id="fresh_%s"),
        "wrong": SampleForm({"where": "", "what": ""}, auto_id="wrong_%s"),
        "applied_filters": [
            ("domain", "eco-env", _("生态环境和资源保护")),
            ("region", "990102", _("临河区")),
        ],
        "tab_items": [
            (_("时间线"), "#tabs", True),
            (_("证据"), "#tabs", False, 12),
            (_("文书"), "#tabs", False, 3),
        ],
        **_desk(),
        **_case(now),
    }


def _domains() -> list[dict[str, str]]:
    return [
        {"id": "eco-env", "title": _("生态环境和资源保护")},
        {"id": "food-drug", "title": _("食品药品安全")},
        {"id": "heritage", "title": _("文物和文化遗产")},
        {"id": "heroes", "title": _("英雄烈士保护")},
        {"id": "safety", "title": _("安全生产")},
    ]


def _desk() -> dict[str, Any]:
    """Return leads and counts as the desk shows them."""
    return {
        "rows": [
            {
                "title": _("石桥河下游河水发黑，沿岸有排污口"),
                "slug": "eco-env",
                "domain": _("生态环境和资源保护"),
                "rank": 0.91,
                "reason": say("{count} 人在 {days} 天内反映同一处", count=12, days=3),
                "place": _("临河区石桥镇"),
                "said": _("12 人反映 · 3 天"),
                "near": _("距饮用水水源地 180 米"),
            },
            {
                "title": _("运河古桥旁堆放建筑垃圾"),
                "slug": "heritage",
                "domain": _("文物和文化遗产"),
                "rank": 0.64,
                "reason": say("在文物保护范围内"),
                "place": _("临河区运河街道"),
                "said": _("4 人反映 · 9 天"),
                "near": _("运河遗产保护范围内"),
            },
            {
                "title": _("学校门口小店销售过期食品"),
                "slug": "food-drug",
                "domain": _("食品药品安全"),
                "rank": 0.38,
                "reason": say("涉及未成年人"),
                "place": _("南山县"),
                "said": _("1 人反映 · 今天"),
                "near": "",
            },
        ],
        "ages": [
            (_("今天"), 18),
            (_("1–3 天"), 42),
            (_("4–7 天"), 27),
            (_("8–30 天"), 11),
            (_("30 天以上"), 2),
        ],
        "weeks": [12, 18, 9, 22, 31, 27, 24, 35],
        "weighed": [
            ("+0.40", say("{count} 人在 {days} 天内反映同一处", count=12, days=3)),
            ("+0.31", say("在文物保护范围内")),
        ],
    }


def _case(now: datetime) -> dict[str, Any]:
    """Return what happened in a case, how far it is, and how a last day was counted."""
    return {
        "timeline_entries": [
            {
                "at": now,
                "what": say("收到行政机关书面回复"),
                "who": _("李检察官"),
                "kind": "now",
                "note": say("回复第 {n} 项：已封堵排污口，附照片 {photos} 张。", n=2, photos=6),
            },
            {
                "at": now - timedelta(days=30),
                "what": say("检察建议书送达"),
                "who": _("王书记员"),
                "kind": "done",
            },
            {"at": now - timedelta(days=44), "what": say("决定立案"), "kind": "done"},
        ],
        "stages": [
            {"label": _("已收到"), "state": "done", "note": "2026-08-01"},
            {"label": _("正在核查"), "state": "done", "note": "2026-08-04"},
            {"label": _("已立案"), "state": "here", "note": "2026-08-12"},
            {"label": _("督促整改"), "state": "ahead"},
            {"label": _("整改完成"), "state": "ahead"},
        ],
        "because": [
            say("自 {day} 起算（当日不计入）", day="2026-08-01"),
            say("两个月，届满日 {day}", day="2026-10-01"),
            say("届满日为休假日，顺延至 {day}", day="2026-10-08"),
        ],
    }
