"""Replies made up with a seed: consistent ones, and ones with one contradiction planted.

Written from how replies read, not from how the finder looks: wordings it does not know are in here
on purpose.
"""

from datetime import date, timedelta
from random import Random

from jingyi.core.contradictions import Claim, Shown

HOME = (117.02345, 33.65432)
VILLAGES = ["东津村", "柳湾村", "李村", "石桥村", "王家庄村", "北坪村"]
# work, what the figure is of, units (amount per unit in the first), biggest
WORKS = [
    ("清运河道垃圾", [("吨", 1000), ("公斤", 1), ("千克", 1)], 800),
    ("拆除违法建筑", [("平方米", 1)], 5000),
    ("恢复耕地", [("亩", 2000 / 3), ("公顷", 10000), ("平方米", 1)], 90),
    ("补种苗木", [("株", 1), ("棵", 1)], 3000),
    ("封堵排污口", [("处", 1)], 12),
    ("追缴补偿费", [("万元", 10000), ("元", 1)], 300),
    ("修复护栏", [("米", 1), ("公里", 1000)], 900),
]
DONE = [
    "我单位已于{day}完成整改，在{place}{work}{figure}。",
    "{day}，{place}{work}{figure}，现场已清理完毕。",
    "经组织力量，{place}已{work}{figure}，并于{day}通过验收。",
    "收到建议后立即进场施工，{day}完工，{place}共{work}{figure}。",
    "{place}的{work}工作量为{figure}，至{day}全部办结。",
    "我局督促责任单位{work}{figure}，{place}于{day}交付使用。",
    "截至{day}，{place}累计{work}{figure}（含边角地块）。",
]
PLANS = [
    "我单位拟在{place}{work}，预计年底前办结。",
    "已制定方案，计划{work}，将于明年落实。",
    "{place}的{work}正在招标，力争尽快启动。",
]
CAPTIONS = [
    "{place}{work}{figure}",
    "验收单：{work}{figure}（{place}）",
    "{place}现场，{work}{figure}",
    "过磅、测量记录合计{figure}，{place}",
]
KINDS = (
    "photo-before-service", "photo-before-done", "photo-after-reply", "before-after-done",
    "done-after-reply", "plan", "figure", "short", "far", "name", "same-picture", "bare", "finding",
)  # fmt: skip
HAN = "零一二三四五六七八九"


def han(n):
    """A whole number below 10,000 in Chinese words."""
    out, zero = "", False
    for place, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // place % 10
        if digit:
            out += ("零" if zero else "") + HAN[digit] + word
        zero = bool(out) and digit == 0
    return out.removeprefix("一") if out.startswith("一十") else out or "零"


def said(dice, amount, unit):
    """A figure as somebody writes it."""
    whole = amount == int(amount)
    if whole and amount < 10_000 and dice.random() < 0.3:
        return f"{han(int(amount))}{unit}"
    if whole and amount >= 1000 and dice.random() < 0.4:
        return f"{int(amount):,}{unit}"
    return f"{amount:g}{unit}" if amount < 100_000 else f"{amount:.0f}{unit}"


def day_words(dice, day):
    style = dice.choice(["{y}年{m}月{d}日", "{m}月{d}日", "{y}-{m:02}-{d:02}"])
    return style.format(y=day.year, m=day.month, d=day.day)


def near(dice, metres):
    return HOME[0] + dice.uniform(-1, 1) * metres / 93_000, HOME[1] + dice.uniform(
        -1, 1
    ) * metres / 111_000


def reply(seed, planted=""):
    """A claim of done on one duty; with `planted`, one contradiction of that kind in it."""
    dice = Random(f"{seed}:{planted}")
    served = date(2026, 3, 2) + timedelta(dice.randint(0, 60))
    done = served + timedelta(dice.randint(10, 40))
    replied = done + timedelta(dice.randint(2, 12))
    work, units, most = dice.choice(WORKS)
    base_unit, per = dice.choice(units)
    amount = dice.randint(max(2, most // 20), most)
    place, other = dice.sample(VILLAGES, 2)
    says = done
    if planted == "done-after-reply":
        says = replied + timedelta(dice.randint(1, 20))
    told, fits = amount, dice.choice(units)
    shown_amount = amount * per / fits[1]
    if shown_amount < 0.1 or round(shown_amount, 3) * fits[1] != amount * per:
        fits, shown_amount = (base_unit, per), amount
    if planted == "figure":
        shown_amount = max(1, int(shown_amount * dice.choice([0.3, 0.6, 0.8, 1.3, 2])))
        if shown_amount * fits[1] == told * per:
            shown_amount += 1
    asked = amount if planted != "short" else amount + max(1, amount * dice.randint(15, 80) // 100)
    text = dice.choice(PLANS if planted == "plan" else DONE).format(
        day=day_words(dice, says), place=place, work=work, figure=said(dice, told, base_unit)
    )
    if dice.random() < 0.3:
        text += "下一步将加强日常巡查，防止反弹。"
    caption = dice.choice(CAPTIONS).format(
        place=other if planted == "name" else place,
        work=work, figure=said(dice, round(shown_amount, 3), fits[0]),
    )  # fmt: skip
    demand = f"{work}{said(dice, asked, base_unit)}，地点为{place}"
    shown = () if planted == "bare" else _photos(dice, planted, caption, (served, says, replied))
    found = ("not", replied + timedelta(9)) if planted == "finding" else ("", None)
    return Claim(1, demand, "done", text, replied, served, HOME, 0, shown, *found)


def _photos(dice, planted, caption, days):
    served, done, replied = days
    before_on = served - timedelta(dice.randint(1, 30))
    after_on = min(done, replied) + timedelta(
        dice.randint(0, max(0, (replied - min(done, replied)).days))
    )
    if planted == "done-after-reply":
        after_on = None
    if planted == "photo-before-service":
        after_on = served - timedelta(dice.randint(1, 40))
    if planted == "photo-before-done":
        after_on = done - timedelta(dice.randint(1, (done - served).days))
    if planted == "photo-after-reply":
        after_on = replied + timedelta(dice.randint(1, 30))
    if planted == "before-after-done":
        before_on = done + timedelta(dice.randint(1, 2))
    if planted == "plan":
        after_on = served + timedelta(dice.randint(0, 5))
    where = near(dice, 150)
    if planted == "far":
        where = (HOME[0] + dice.choice([-1, 1]) * dice.uniform(0.01, 0.2), HOME[1])
    first = dice.getrandbits(64) | 1
    second = (
        first ^ (1 << dice.randint(0, 63))
        if planted == "same-picture"
        else dice.getrandbits(64) | 1
    )
    return (
        Shown("附件1", "before", "整改前", before_on, near(dice, 150), first),
        Shown("附件2", "after", "整改后", after_on, where, second),
        Shown("附件3", "paper", caption),
    )
