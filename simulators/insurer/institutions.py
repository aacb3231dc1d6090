"""The designated institutions this insurer has an agreement with. DEMONSTRATION."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DesignatedInstitution:
    """``level`` is the grade the policy asks for: 3, 2, 1, or 0 for a community station (基层)."""

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
        DesignatedInstitution("H11010000004", "演示异地医院", "110100", "3"),
    )
}
