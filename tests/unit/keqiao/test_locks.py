"""One process of a kind on one home folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.domain.errors import ConflictError
from keqiao.locks import hold, holder


def test_the_second_is_told_who_the_first_is(tmp_path: Path) -> None:
    with (
        hold(tmp_path, "serve"),
        pytest.raises(ConflictError, match=str(os.getpid())),
        hold(tmp_path, "serve"),
    ):
        pass


def test_different_processes_of_one_home_do_not_disturb_each_other(tmp_path: Path) -> None:
    with hold(tmp_path, "serve"), hold(tmp_path, "worker"):
        assert holder(tmp_path, "worker") == os.getpid()
        assert holder(tmp_path, "bot") is None


def test_a_killed_process_frees_its_place(tmp_path: Path) -> None:
    code = (
        "import sys, time, pathlib\nfrom keqiao.locks import hold\n"
        "with hold(pathlib.Path(sys.argv[1]), 'serve'):\n    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert holder(tmp_path, "serve") == process.pid
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    assert holder(tmp_path, "serve") is None
    with hold(tmp_path, "serve"):
        pass
