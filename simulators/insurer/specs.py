"""The transactions that this insurer answers, field by field."""

from dataclasses import dataclass

from . import dictionary as codes
from . import report_nodes as reports
from . import settlement_nodes as settling
from .fields import Field, Node, moment, must, text

ENVELOPE: tuple[Field, ...] = (
    must("infno", 6),
    must("msgid", 30),
    must("mdtrtarea_admvs", 6),
    text("insuplc_admdvs", 6),
    must("recer_sys_code", 10),
    text("dev_no", 100),
    text("dev_safe_info", 2000),
    text("cainfo", 1024),
    text("signtype", 10),
    must("infver", 6),
    must("opter_type", 3, codes.OPTER_TYPE),
    must("opter", 30),
    must("opter_name", 50),
    moment("inf_time", required=True),
    must("fixmedins_code", 12),
    must("fixmedins_name", 200),
    text("sign_no", 30),
)

MOST_INPUT_CHARACTERS = 40000


@dataclass(frozen=True)
class Transaction:
    """One transaction: its number, the nodes of ``input``, whether it needs a sign-in."""

    infno: str
    name: str
    nodes: tuple[Node, ...]
    needs_sign_in: bool = True


TRANSACTIONS: dict[str, Transaction] = {
    row.infno: row
    for row in (
        Transaction("9001", "签到", (settling.SIGN_IN,), needs_sign_in=False),
        Transaction("9002", "签退", (settling.SIGN_OUT,)),
        Transaction("1101", "人员信息获取", (settling.PERSON,)),
        Transaction("2201", "门诊挂号", (settling.REGISTRATION,)),
        Transaction("2202", "门诊挂号撤销", (settling.REGISTRATION_CANCEL,)),
        Transaction("2203A", "门诊就诊信息上传", (settling.VISIT, settling.DIAGNOSES)),
        Transaction("2204", "门诊费用明细上传", (settling.FEES,)),
        Transaction("2205", "门诊费用明细撤销", (settling.FEES_CANCEL,)),
        Transaction("2206A", "门诊预结算", (settling.PRESETTLEMENT,)),
        Transaction("2207A", "门诊结算", (settling.SETTLEMENT,)),
        Transaction("2208", "门诊结算撤销", (settling.SETTLEMENT_CANCEL,)),
        Transaction("2601", "冲正交易", (settling.REVERSAL,)),
        Transaction("5203", "结算信息查询", (settling.SETTLEMENT_QUERY,)),
        Transaction("3201", "医药机构费用结算对总账", (reports.STATEMENT,)),
        Transaction("3202", "医药机构费用结算对明细账", (reports.DETAIL_STATEMENT,)),
        Transaction("3101", "明细审核事前分析", (reports.ANALYSIS,)),
        Transaction("3102", "明细审核事中分析", (reports.ANALYSIS,)),
        Transaction("3103", "明细审核反馈", (reports.HANDLING,)),
        Transaction("3505", "商品销售", (reports.MOVEMENT,)),
        Transaction("3506", "商品销售退货", (reports.MOVEMENT,)),
        Transaction("4301", "门急诊诊疗记录", reports.CARE),
        Transaction("5201", "就诊信息查询", (reports.VISIT_QUERY,)),
        Transaction("5206", "人员累计信息查询", (reports.CUMULATIVE_QUERY,)),
        Transaction("5301", "人员慢特病备案查询", (reports.FILING_QUERY,)),
        Transaction("9101", "文件上传", (reports.FILE_UPLOAD,)),
        Transaction("9102", "文件下载", (reports.FILE_DOWNLOAD,)),
    )
}
