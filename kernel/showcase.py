"""The living sheet of components: every part of the design on one page, for the people who build pages."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

_COLOURS = (
    ("ink", "墨"), ("ink-2", "次墨"), ("muted", "说明"), ("edge", "控件边"), ("line", "发丝线"), ("sunken", "凹面"),
    ("ground", "底"), ("surface", "面"), ("primary", "主色"), ("primary-dark", "主色深"), ("primary-soft", "主色浅"),
    ("hero", "主卡"), ("info", "确认"), ("success", "完成"), ("warning", "需要您"), ("danger", "危险"),
)  # fmt: skip


class SampleForm(forms.Form):
    """One field of every kind."""

    diagnosed_on = forms.DateField(
        label="首诊日期",
        help_text="病历上的日期，例如 2026-06-07",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    mobile = forms.CharField(
        label="联系电话",
        widget=forms.TextInput(
            attrs={"inputmode": "tel", "autocomplete": "tel-national", "data-groups": "3 4 4"}
        ),
    )
    allergies = forms.CharField(label="过敏史", error_messages={"required": "请写过敏的药；没有就写“无”。"})
    complaint = forms.CharField(label="哪里不舒服", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    insurance = forms.ChoiceField(
        label="参保类型", choices=[("310", "职工医保"), ("390", "城乡居民医保")], widget=forms.Select
    )
    visit = forms.ChoiceField(
        label="怎么看",
        choices=[("text", "图文"), ("video", "视频")],
        widget=forms.RadioSelect,
        initial="text",
    )
    taking = forms.MultipleChoiceField(
        label="正在吃的药",
        choices=[("1", "苯磺酸氨氯地平片"), ("2", "缬沙坦胶囊")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agrees = forms.BooleanField(label="我已读完知情同意书", help_text="第 3 版，2026 年 7 月 1 日起用")
    proof = forms.FileField(label="首诊凭证", help_text="PDF、JPG、PNG，每个不超过 10 MB", required=False)


@dataclass(frozen=True, slots=True)
class SampleDocument:
    """A tariff document that does not exist."""

    title: str = "关于“互联网+”医疗服务项目价格的通知"
    title_en: str = "Notice on the prices of Internet health services"
    number: str = "演医保发〔2025〕12 号"
    issuer: str = "演示省医疗保障局"
    issuer_en: str = "Demo Province Healthcare Security Administration"
    is_demonstration: bool = True


def component_sheet(request: HttpRequest) -> HttpResponse:
    """Show every component once, in the language, size and scheme of the person."""
    form = SampleForm(
        {"diagnosed_on": "2026-06-07", "mobile": "13800000001", "visit": "text", "insurance": "310"}
    )
    return render(request, "base/components_sheet.html", {"form": form, **_samples()})


def _samples() -> dict[str, Any]:
    now = timezone.now()
    return {
        "colours": _COLOURS,
        "steps": ["选时间", "说病情", "传凭证", "签同意", "支付"],
        "timeline": _timeline(),
        "slots": [
            {"value": 1, "time": "09:00", "note": "剩 3 个", "state": ""},
            {"value": 2, "time": "09:30", "note": "剩 1 个", "state": "few", "is_chosen": True},
            {"value": 3, "time": "10:00", "note": "约满", "state": "full"},
        ],
        "days": _days(),
        "document": SampleDocument(),
        "deadline": now + timedelta(minutes=14, seconds=32),
        "earlier": now - timedelta(minutes=12),
        "link": "weixin://wxpay/bizpayurl?pr=demonstration",
        **_sums(),
    }


def _days() -> list[dict[str, Any]]:
    today = timezone.localdate()
    notes = ("约满", "有号", "有号", "停诊", "停诊", "有号")
    return [
        {
            "url": "#days",
            "day": today + timedelta(days=number),
            "note": note,
            "is_chosen": number == 1,
            "is_off": note == "停诊",
        }
        for number, note in enumerate(notes)
    ]


def _sums() -> dict[str, Any]:
    lines = (
        ("苯磺酸氨氯地平片", "甲类", "5 mg × 28 片，1 盒", "8.40"),
        ("缬沙坦胶囊", "甲类", "80 mg × 28 粒，1 盒", "16.80"),
        ("阿托伐他汀钙片", "乙类", "20 mg × 28 片，1 盒", "32.60"),
        ("配送费", "自费", "", "8.00"),
    )
    why = (
        ("互联网复诊，按普通门诊诊查费", "三级医院价", "7.00"),
        ("医生职称：主任医师", "复诊不区分职称", "0.00"),
    )
    return {
        "fund": Decimal("38.18"),
        "account": Decimal("19.62"),
        "cash": Decimal("8.00"),
        "total": Decimal("65.80"),
        "price": Decimal("7.00"),
        "lines": [
            {"name": name, "tag": tag, "note": note, "amount": Decimal(amount)}
            for name, tag, note, amount in lines
        ],
        "why": [{"name": name, "note": note, "amount": Decimal(amount)} for name, note, amount in why],
    }


def _timeline() -> list[dict[str, str]]:
    return [
        {"kind": "done", "what": "已做完", "when": "15:07"},
        {"kind": "unknown", "what": "不知道结果，正在问", "when": "15:08"},
        {"kind": "failed", "what": "没有成功", "when": "15:09", "note": "写明原因和下一步"},
        {"kind": "now", "what": "正在做", "when": "15:10"},
        {"kind": "next", "what": "还没到"},
    ]
