"""What the README names is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = README.split("## Commands")[1].split("##")[0]
PAGES = ["README.md", "CONTRIBUTING.md", *(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))]
OURS = ("mobility_planning", "plans", "readiness", "coalition", "municipalities", "accounts")


def test_the_readme_lists_every_command_of_the_product():
    table = set(re.findall(r"^\| `([a-z_]+)\b[^`]*` \|", COMMANDS, re.M)) - {"manage"}
    assert table == {name for name, app in get_commands().items() if app in OURS}


def test_every_command_and_option_that_the_readme_shows_exists():
    shown = re.findall(r"^\| `([a-z_]+)((?:\\\||[^`|])*)` \|", COMMANDS, re.M)
    for name, rest in [row for row in shown if row[0] != "manage"]:
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        known = {option for action in parser._actions for option in action.option_strings}
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", rest)) <= known, name


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_and_link_that_a_page_names_exists(page: str):
    text = (ROOT / page).read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"`make ([a-z]+)", text)) | set(re.findall(r"^make ([a-z]+)", text, re.M)) <= targets
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


def test_the_map_of_the_house_names_every_room():
    rooms = set(re.findall(r"`([a-z_]+)/`", README.split("## The map of the house")[1].split("## Commands")[0]))
    tracked = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    made = {"node_modules", "data", "staticfiles", "htmlcov", "requirements"}
    assert tracked - made <= rooms
