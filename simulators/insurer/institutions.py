"""The designated institutions this insurer has an agreement with. DEMONSTRATION."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DesignatedInstitution:
    """``level`` is the grade the policy table asks for: 3, 2 or 1."""

    code: str
    name: str
    area: str
    level: str


INSTITUTIONS = {
    row.code: row
    for row in (
        DesignatedInstitution("H33010000001", "演示市第一人民医院", "330100", "3"),
        DesignatedInstitution("H33010000002", "演示市第二人民医院", "330100", "2"),
        DesignatedInstitution("H33010600003", "演示区社区卫生服务中心", "330100", "1"),
    )
}
