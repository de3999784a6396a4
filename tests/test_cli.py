"""The command line as a script uses it: output, exit codes, and errors that say what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import martlet
from tests.small import HERE, publish_small, small_database


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    settings, _ = publish_small(tmp_path_factory.mktemp("small"))
    return str(settings.home)


def test_call_prints_the_structured_answer_alone_on_stdout(home: str) -> None:
    done = martlet("call", "metric", '{"metrics": ["revenue"]}', "--home", home)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["rows"] == [[210.0]]


def test_call_exits_3_with_the_error_as_json_when_a_tool_refuses(home: str) -> None:
    done = martlet("call", "query", '{"sql": "drop table fct_orders"}', "--home", home)
    error = json.loads(done.stdout)["error"]
    assert done.returncode == 3
    assert error["code"] == "sql.not_a_query"
    assert error["next"]


def test_call_with_arguments_that_are_no_json_is_wrong_usage(home: str) -> None:
    done = martlet("call", "metric", "{metrics: revenue}", "--home", home)
    assert done.returncode == 2
    assert "For instance: martlet call metric" in done.stderr


def test_without_a_build_a_call_fails_and_says_what_to_run(tmp_path: Path) -> None:
    done = martlet("call", "describe", "--home", str(tmp_path))
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "build.missing"
    assert "martlet build" in json.loads(done.stdout)["error"]["next"]


def test_check_is_good_on_a_good_catalog_and_counts_what_it_ran(home: str) -> None:
    done = martlet("check", "--home", home, "--catalog", str(HERE / "semantic"))
    assert "3 marts, 5 metrics" in done.stdout
    assert done.returncode == 0, done.stdout


def test_check_tells_file_line_and_nearest_name_of_every_fault(home: str, tmp_path: Path) -> None:
    text = (HERE / "semantic" / "shop.yml").read_text(encoding="utf-8")
    text = text.replace("currency: EUR", "curency: EUR").replace(
        "expr: order_total", "expr: order_totl"
    )
    (tmp_path / "shop.yml").write_text(text, encoding="utf-8")
    done = martlet("check", "--home", home, "--catalog", str(tmp_path))
    assert done.returncode == 1
    assert "shop.yml:7" in done.stdout and "currency" in done.stdout


def test_check_names_a_column_that_the_mart_does_not_have(home: str, tmp_path: Path) -> None:
    text = (HERE / "semantic" / "shop.yml").read_text(encoding="utf-8")
    (tmp_path / "shop.yml").write_text(text.replace("expr: order_total", "expr: order_totl"))
    done = martlet("check", "--home", home, "--catalog", str(tmp_path))
    assert done.returncode == 1
    assert "order_totl" in done.stdout and "order_total" in done.stdout


def test_a_catalog_that_cannot_be_read_leaves_the_last_build_in_force(tmp_path: Path) -> None:
    settings, state = publish_small(tmp_path)
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "shop.yml").write_text("version: 1\nmodels: [", encoding="utf-8")
    done = martlet(
        "publish",
        "--from-database",
        str(small_database_again(tmp_path)),
        "--catalog",
        str(broken),
        "--home",
        str(settings.home),
    )
    assert done.returncode == 1
    assert "catalog.invalid" in done.stderr and "shop.yml:3" in done.stderr
    still = martlet("call", "describe", "--home", str(settings.home))
    assert json.loads(still.stdout)["data"]["build_id"] == state.build_id


def test_builds_lists_newest_first_and_rolls_back(tmp_path: Path) -> None:
    settings, first = publish_small(tmp_path)
    home = str(settings.home)
    again = martlet(
        "publish",
        "--from-database",
        str(tmp_path / "shop.duckdb"),
        "--hide",
        "dim_customers.email",
        "--catalog",
        str(HERE / "semantic"),
        "--home",
        home,
        "--json",
    )
    assert again.returncode == 0, again.stderr
    second = json.loads(again.stdout)[0]["build_id"]
    listed = martlet("builds", "--home", home, "--rollback", "previous").stdout.splitlines()
    assert [line.split()[0] for line in listed] == [second, "*"]
    assert first.build_id in listed[1]


def test_the_demo_does_not_write_over_the_warehouse_of_another_project(tmp_path: Path) -> None:
    mine = tmp_path / "warehouse.duckdb"
    mine.write_bytes(b"not yours")
    done = martlet("demo", "--home", str(tmp_path))
    assert done.returncode == 2
    assert "--home .martlet-demo" in done.stderr
    assert mine.read_bytes() == b"not yours"


def test_a_wrong_option_is_wrong_usage(home: str) -> None:
    assert martlet("serve", "--prot", "1", "--home", home).returncode == 2


def small_database_again(folder: Path) -> Path:
    other = folder / "other"
    other.mkdir()
    return small_database(other)


def test_a_catalog_goes_to_osi_and_back_on_the_command_line(home: str, tmp_path: Path) -> None:
    file, out = str(tmp_path / "shop.osi.json"), tmp_path / "semantic"
    done = martlet("export", "--catalog", str(HERE / "semantic"), "--out", file)
    assert (done.returncode, done.stdout) == (0, "")
    assert martlet("check", "--home", home, "--catalog", file).returncode == 0
    back = martlet("import", file, "--out", str(out))
    assert back.returncode == 0, back.stderr
    assert "catalog.yml" in {item.name for item in out.iterdir()}
    again = martlet("import", file, "--out", str(out))
    assert (again.returncode, "not an empty folder" in again.stderr) == (2, True)
