"""The number behind a road or a river belongs to the place."""

import numpy as np
import pyarrow as pa
import pytest

from jingyi.core.triage import number_kernels, texts


@pytest.mark.parametrize(
    ("name", "number", "rest"),
    [
        ("惠黎路", "12号", "门口"),
        ("惠黎路", "12号楼", "楼下"),
        ("闲林街道五常大道", "553弄8号", "有人"),
        ("淮河", "左岸5公里处", "倾倒"),
        ("淮河", "左岸", "倾倒"),
        ("206国道", "K1083+500", "处有坑"),
        ("淮北大堤", "桩号0+350", "开裂"),
        ("京台高速", "32公里+500米处", "堵"),
        ("惠黎路", "", "3个人"),
        ("惠黎路", "", "5米宽"),
        ("惠黎路", "", "2公里都堵"),
        ("惠黎路", "", ""),
        ("惠黎路", "", "12"),
    ],
)
def test_what_is_read_on(name, number, rest):
    words = texts.read(None, pa.array([name + number + rest], pa.large_string()), 1)
    place = np.array([[1, 1 + len(name.encode())]], np.int32)  # 1: the title's line

    number_kernels.read_on(words.buf, words.off, place)

    assert words.part(0, 1, int(place[0, 1])) == name + number


def test_a_row_without_a_place_is_left_alone():
    words = texts.read(None, pa.array(["12号", "路"], pa.large_string()), 2)
    place = np.full((2, 2), -1, np.int32)

    number_kernels.read_on(words.buf, words.off, place)

    assert (place == -1).all()
