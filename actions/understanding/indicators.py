"""Technical indicators as they are said: 耐温600度, 合格率95%以上, 0.01毫米, 零下35度, ±0.02mm."""

import re

from actions.understanding.numbers import DIGITS
from actions.understanding.text import Span

_SPOKEN = r"[零一二两三四五六七八九十百千万点几]+"
_NUMBER = rf"(?:{DIGITS}|{_SPOKEN})"
_UNIT = (
    r"(?:摄氏度|℃|°C|°|度(?!电)|[毫微纳厘分]米|(?:平方|立方)米|米(?![饭粉线])|千米|公里|丝(?!杠|印|网)|微米|μm|um|nm|mm|cm|km|m(?![a-z])"
    r"|%|％|‰|个百分点|百分点|分贝|dB[Aa]?|[兆千百]?帕|[MkK]?[Pp]a|公斤力|[kKM]?[Vv](?![A-Za-z])|伏|千伏|毫?安(?!全)|m?A[hH]?(?![A-Za-z])|毫安时"
    r"|[千兆毫]?瓦(?:时)?|[kKMG]?[Ww]h?(?![A-Za-z万])|[千兆]?赫兹?|[kKMG]?[Hh]z|转(?:每?/?分钟?)?(?![让移型化])|rpm|ppm|ppb|mg/[Ll]|毫克(?:每升|/升)?|微克"
    r"|[kKm]?g(?:/[A-Za-z\d]+)?(?![A-Za-z])|公斤|千克|克(?!服|隆)|吨(?:每小时|/小时|/h)|t/h|牛(?:顿|米)?(?![奶肉场舍])|N(?![A-Za-z])|HRC|HV|Wh/kg|毫秒|秒|ms|帧|fps"
    r"|流明|勒克斯|目(?![前标的])|兆|Mbps|Gbps|像素|倍(?!感)|级(?!别)|小时|个小时|分钟|次循环|万次|次(?!之|要|品))"
)
_BOUND = (
    r"(?:不[高低大小少超]?[于过]|[高低大小]于|超过|达到?|大约|大概|约|至少|"
    r"最[高低大小]|控制在|零下|正负|[≥≤><±+~-]=?)"
)
_AFTER = r"(?:以[上下内]|左右|上下)"
_NAME = (
    r"(?:(?:耐温|耐压|耐热|耐磨|温度|高温|低温|湿度|压力|精度|误差|公差|厚度|膜厚|直径|长度|宽度|深度|间距|粗糙度|平面度|圆度|同轴度|硬度|强度|密度|纯度|浓度|粘度|"
    r"含量|含水率|水分|合格率|良品率|良率|废品率|次品率|不良率|报废率|损耗率|收率|得率|回收率|去除率|准确率|识别率|误报率|漏检率|效率|转化率|利用率|占比|噪[音声]|转速|速度|流量|功率|电压|电流|频率|"
    r"容量|寿命|时间|周期|节拍|能耗|电耗|温升|温差|衰减|孔隙率|透光率|收缩率|变形量|总氮|总磷|氨氮|COD|克重|分辨率|续航|延迟|时延|响应))"
)
INDICATOR = re.compile(
    rf"(?:{_NAME}(?:要求?|得|能|到|需要?|控制在|做到|达到|提高到|降到|在|是|为|只有|都|才|就|了|有|:|\s)*)?(?:{_BOUND}\s*){{0,2}}"
    rf"(?<![\d.A-Za-z第零一二两三四五六七八九十百千万]){_NUMBER}(?:\s*(?:-|~|到|至|—)\s*{_NUMBER})?\s*{_UNIT}(?:\s*{_AFTER})?"
    rf"|(?:{_NAME}(?:要求?|得|能|做到|达到|在|是|为|都|才|就|了)*)?(?:{_BOUND}\s*)?百分之{_SPOKEN}(?:\s*{_AFTER})?"
    r"|(?<![A-Za-z])(?:R[az]\s?\d+(?:\.\d+)?|IP\d\d)(?![A-Za-z\d])"
)
VAGUE = re.compile(r"[几两一点]+(?![几两一点\d])")
"""What measures nothing by itself: 一次, 两级, 几度."""


def read_indicators(text: str) -> tuple[Span, ...]:
    """Find the indicators of a folded text from which sums, days and contacts are blanked."""
    return tuple(
        Span(start=found.start(), end=found.end())
        for found in INDICATOR.finditer(text)
        if not VAGUE.match(found[0])
    )
