"""The choices that a province profile makes."""

from typing import Literal

Doors = Literal["tif", "csb", "oauth2_sm4"]
MessageIds = Literal["national", "henan"]
Amounts = Literal["text", "number"]
Repeated = Literal["replay", "refuse"]
MutualAid = Literal["inside", "beside", "either"]
KeyOrder = Literal["ordinal", "case_insensitive"]
# Her share within the catalogue (deductible, co-payment, first self pay), or also what no fund pays (自费, 超限).
AccountScope = Literal["self_pay", "self_pay_and_own"]
Grade = Literal["sourced", "general", "demonstration", "own"]
