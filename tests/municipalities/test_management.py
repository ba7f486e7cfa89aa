"""What commands share: a municipality by its slug, and files written whole or not at all."""

import os
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError

from municipalities.management.lookup import municipality
from municipalities.management.output import write_file
from tests.conftest import Cast


def test_a_municipality_is_found_by_its_slug(cast: Cast):
    assert municipality("fairmont") == cast.fairmont


@pytest.mark.parametrize("slug", ["nowhere", "", "Larkspur", "larkspur ", "lark\x00spur", "\udcff", "x" * 5000])
def test_an_unknown_slug_is_one_line(cast: Cast, slug: str):
    with pytest.raises(CommandError) as caught:
        municipality(slug)
    assert str(caught.value) == f'There is no municipality "{slug}".'


def test_a_file_is_written_and_nothing_else_is_left(tmp_path: Path):
    write_file(str(tmp_path / "out.csv"), b"key\n")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("out.csv", b"key\n")]


def test_a_file_that_was_there_keeps_its_rights_and_a_link_stays_a_link(tmp_path: Path):
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    write_file(str(link), b"new")
    assert (link.is_symlink(), real.read_bytes(), real.stat().st_mode & 0o777) == (True, b"new", 0o640)


def test_a_write_that_breaks_off_leaves_the_earlier_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CommandError) as caught:
        write_file(str(target), b"new")
    assert str(caught.value) == f"{target} cannot be written: No space left on device."
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("out.csv", b"old")]


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path):
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_file(str(pipe), b"key\n")
    reader.join(10)
    assert (got, pipe.is_fifo()) == ([b"key\n"], True)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "Is a directory"),
        ("missing/out.csv", "No such file or directory"),
        ("n" * 300, "File name too long"),
        ("a\x00b", "embedded null byte"),
    ],
)
def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path, name: str, why: str):
    path = f"{tmp_path}/{name}" if name else str(tmp_path)
    with pytest.raises(CommandError) as caught:
        write_file(path, b"key\n")
    assert str(caught.value) == f"{path} cannot be written: {why}."
