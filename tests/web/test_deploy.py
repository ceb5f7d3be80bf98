"""The settings as an office runs them, held to the framework's own list for deployment."""

import os
import subprocess
import sys


def checked(data, **settings):
    env = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    own = {
        "DJANGO_SETTINGS_MODULE": "jingyi.web.settings", "JINGYI_DATA": str(data), "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    words = ["check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        [sys.executable, "-m", "django", *words], env=env | own | settings, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_deployment_check_has_nothing_to_say(tmp_path):
    done = checked(tmp_path, JINGYI_HTTPS="true")
    assert done.returncode == 0, done.stderr


def test_the_check_speaks_of_stack_traces_in_the_page(tmp_path):
    done = checked(tmp_path, JINGYI_HTTPS="true", JINGYI_DEBUG="true")
    assert done.returncode != 0
    assert "security.W018" in done.stderr
