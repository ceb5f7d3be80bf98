"""`python -m jingyi.demo`: fill an empty office with the demo city."""

import sys

from jingyi.cli import office, prepare
from jingyi.demo import load

office()
prepare()
sys.stdout.write("\n".join(load() or ["这里已有真实的检察院，没有写入演示数据。"]) + "\n")
