"""Five brands of the city's departments: one whose figures stand, one gone quiet, two told alike."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from jingyi.demo.institutions import Institutions
from jingyi.demo.stories import NOW
from jingyi.web.brands import actions
from jingyi.web.brands.models import Brand
from jingyi.web.cases.queries import cases_for
from jingyi.web.registry.models import Department

TODAY = timezone.localdate(NOW)
GREEN = "以沚河和老运河为中心，取样、调查、听证、回头看一案到底"
LIFE = ("creating", "selecting", "promoting", "keeping")
REASONS = {
    "creating": "部门会议讨论通过，党组同意创建",
    "selecting": "推荐参加全市检察文化品牌评选",
    "promoting": "评选入围，党组决定在全市推广",
    "keeping": "转入日常维护，每季度由部门报告",
}

# office, part of the department's name, name, slogan, meaning, founded, focuses, channels, sections, steps, days since upkeep
BRANDS: list[tuple[Any, ...]] = [
    ("zy", "第五", "沚水长清", "一河一案，一案到底", f"{GREEN}，让整改看得见、守得住，让群众说了算。", date(2024, 3, 1),
     ["whole", "people", "quality"], ["门户网站", "公众号", "融媒体中心"],
     {"team": "检察官四人、助理三人、技术人员二人，跨部门组成办案单元", "mechanisms": "线索统一研判；快速检测与委托检验分开；整改回访按领域排期",
      "honours": "全市优秀办案团队（2025年）", "media": "《沚阳日报》2026年5月专题报道", "ties": "与沿河三个社区党支部共建，在老码头旧址开展主题党日",
      "upkeep": "每季度更新数据，每半年走访一次沿河社区"}, 4, 20),
    ("zy", "第一", "蒲公英课堂", "把法治的种子吹进每一间教室", "法治副校长进校讲课，未成年人案件办结后回访学校，发现管理漏洞的移送公益诉讼部门。", date(2024, 9, 1),
     ["people", "team"], ["公众号"], {"team": "青年检察官六人", "mechanisms": "一课一案一回访", "upkeep": "每学期排一次课表"}, 3, 45),
    ("zy-dj", "第三", "东津护绿", "一河一案，一案见效", f"{GREEN}，让整改看得见、守得住。", date(2025, 2, 10),
     ["whole", "quality"], ["门户网站", "公众号"], {"team": "检察官三人", "mechanisms": "线索统一研判；整改回访按领域排期", "upkeep": "每季度更新数据"}, 2, 70),
    ("zy-ww", "第三", "城墙根下", "守住老城的记忆", "联合文物部门巡查老城墙和名人旧居，请文保志愿者参加听证，一处一档，修缮以后再请街坊看一遍。", date(2024, 6, 8),
     ["culture", "quality"], ["门户网站", "展览"], {"mechanisms": "一处一档", "ties": "在旧居设党员教育点", "media": "市电视台专题片", "team": "检察官二人"}, 3, 260),
    ("zy-xl", "第三", "田间检察", "", "为民办实事。", date(2026, 8, 3), ["people"], [], {"team": "检察官二人"}, 0, 0),
]  # fmt: skip


def load(made: Institutions) -> None:
    """Enter the brands, walk each through its life, state the city's four figures."""
    chief = made.people["zhou"]
    for office, part, name, slogan, meaning, founded, focuses, channels, sections, steps, quiet in BRANDS:  # fmt: skip
        department = Department.objects.get(procuratorate=made.offices[office], name__contains=part)
        texts = {
            "name": name, "slogan": slogan, "meaning": meaning, "founded_on": founded,
            "focuses": focuses, "channels": channels, "sections": sections,
        }  # fmt: skip
        brand = actions.create(department=department, texts=texts, by=chief, at=NOW)
        for n, to in enumerate(LIFE[:steps], 1):
            on = founded + timedelta(days=100 * n)
            actions.decide(brand=brand, to=to, reason=REASONS[to], on=on, by=chief, at=NOW)
        if quiet:
            on = TODAY - timedelta(days=quiet)
            actions.keep(brand=brand, on=on, what="更新数据，走访沿线群众", by=chief, at=NOW)
        if name == "沚水长清":
            _figures(made, brand)


def _figures(made: Institutions, brand: Brand) -> None:
    chief = made.people["zhou"]
    for count in ("leads", "cases", "suggestions", "suits"):
        actions.claim(brand=brand, count=count, words="", as_of=TODAY, by=chief, at=NOW)
    actions.quote(
        brand=brand, words="国控断面水质优良率（%）", figure=96,
        source="沚阳市生态环境局《2025年环境状况公报》", as_of=date(2025, 12, 31), by=chief, at=NOW,
    )  # fmt: skip
    told = cases_for(chief).filter(office=brand.office, domain="eco-env", state="terminated")
    refs = list(told.order_by("ref").values_list("ref", flat=True)[:3])
    actions.represent(brand=brand, refs=refs, by=chief, at=NOW)
