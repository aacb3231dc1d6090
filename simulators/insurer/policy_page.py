"""The page of policies: every row in force or not, with source and grade."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from .policy import AreaPolicy, Cap, Origin, Scheme, Scope, Supplement, Tier
from .policy_files import shipped_policies

GRADES = {
    "S": "二手资料",
    "G": "一般认识",
    "S+G": "部分二手资料，部分一般认识",
    "D": "演示",
    "O": "使用者给出",
}
SPANS = {"year": "年", "quarter": "季", "month": "月", "visit": "次"}
REMOTE = {"long_term": "长期备案", "transfer": "转诊备案", "emergency": "急诊", "unfiled": "未备案"}
PEOPLE = {
    "1": "不限",
    "11": "在职",
    "12": "退休",
    "14": "未成年居民",
    "1404": "大学生",
    "15": "成年居民",
    "16": "老年居民",
}
LEVELS = {"3": "三级", "2": "二级", "1": "一级", "0": "基层"}


@require_GET
def policies(request: HttpRequest) -> HttpResponse:
    """Show the policies as a page, or as JSON when asked for."""
    areas = [_area(area) for area in shipped_policies()]
    if "text/html" in request.headers.get("accept", ""):
        return render(request, "insurer/policies.html", {"areas": areas, "grades": GRADES})
    return JsonResponse({"areas": areas}, json_dumps_params={"ensure_ascii": False})


def _area(area: AreaPolicy) -> dict[str, Any]:
    return {
        "area": area.area_prefix,
        "name": area.name,
        "schemes": [_scheme(row) for row in area.schemes],
        "supplements": [_supplement(row) for row in area.supplements],
        "account": {
            "scope": area.account.scope,
            "before_deductible": area.account.before_deductible,
            **_origin(area.account.origin),
        },
        "remote": {REMOTE[kind]: str(factor) for kind, factor in area.remote.items()},
    }


def _scheme(row: Scheme) -> dict[str, Any]:
    return {
        "name": row.name,
        **_scope(row.scope),
        "deductible": f"{row.deductible}（每{SPANS[row.deductible_per]}）" if row.deductible else "无",
        "tiers": _tiers(row.tiers, "基金支付" if row.tier_base == "fund" else "费用"),
        "caps": "；".join(map(_cap, row.caps)) or "无",
        **_origin(row.origin),
    }


def _supplement(row: Supplement) -> dict[str, Any]:
    return {
        "name": row.name,
        "fund": row.fund,
        **_scope(row.scope),
        "base": "超过封顶的费用" if row.base == "beyond_cap" else "个人负担",
        "tiers": _tiers(row.tiers, "累计"),
        "caps": f"{row.cap}（每年）" if row.cap else "无",
        **_origin(row.origin),
    }


def _scope(scope: Scope) -> dict[str, Any]:
    until = f"，{scope.valid_until}前" if scope.valid_until else ""
    return {
        "insutype": scope.insutype,
        "people": "、".join(PEOPLE.get(code, code) for code in scope.psn_types)
        + (f"，满{scope.youngest}岁" if scope.youngest else ""),
        "levels": "、".join(LEVELS[level] for level in scope.levels) or "不限",
        "med_types": "、".join(scope.med_types) or "不限",
        "diseases": "、".join(scope.diseases) or "不限",
        "in_force": f"{scope.valid_from}起{until}",
    }


def _tiers(tiers: tuple[Tier, ...], base: str) -> str:
    return "；".join(
        f"{base}至{tier.upto}：{_percent(tier.rate)}" if tier.upto else _percent(tier.rate) for tier in tiers
    )


def _cap(cap: Cap) -> str:
    of = "基金" if cap.of == "fund" else "费用"
    return f"{of}{cap.amount}（每{SPANS[cap.per]}{'每病种' if cap.by_disease else ''}）"


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}%"


def _origin(origin: Origin) -> dict[str, str]:
    return {"grade": origin.grade, "source": origin.source, "note": origin.note}
