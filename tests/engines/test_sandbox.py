"""Sandbox processes: what they cannot do, and what happens when they are lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from martlet.engines.duckdb import DuckDbEngine
from martlet.errors import MartletError, RequestError, Unavailable
from martlet.flow.query import Limits, Stop
from martlet.settings import Settings
from tests.engines.conftest import WIDE, MakeEngine, query
from tests.engines.test_contract import ENDLESS

# Interrupts do not reach it inside one call: only killing helps.
DEAF = "select levenshtein(repeat('ab', 100000), repeat('ba', 100000))"
SECOND = Limits(rows=10, characters=1_000, cell_characters=100, seconds=0.5)


def code_of(engine: DuckDbEngine, sql: str, limits: Limits = WIDE) -> str:
    with pytest.raises(MartletError) as error:
        engine.run(query(sql), limits)
    return error.value.code


def run_in_thread(engine: DuckDbEngine, sql: str, stop: Stop | None = None) -> list[str]:
    """Starts a query that will fail; its code is in the list when the thread has ended."""
    codes: list[str] = []

    def work() -> None:
        try:
            engine.run(query(sql), WIDE, stop)
        except MartletError as error:
            codes.append(error.code)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return codes


def wait_for(condition: object) -> None:
    assert callable(condition)
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it did not happen within 20 seconds"
        threading.Event().wait(0.01)


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def cpu_of(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def busiest(engine: DuckDbEngine) -> int:
    """The sandbox that is at work: the one that has used CPU for a tenth of a second lately."""
    before = {pid: cpu_of(pid) for pid in engine.pids}
    while True:
        threading.Event().wait(0.05)
        for pid in engine.pids:
            if is_running(pid) and cpu_of(pid) - before.setdefault(pid, cpu_of(pid)) >= 5:
                return pid


def both_up(engine: DuckDbEngine) -> list[int]:
    """The sandbox and its spare, which is started when it is seen that none is idle."""

    def seen_at_work() -> bool:
        engine.run(query("select sum(i) from range(20000000) as given(i)"), WIDE)
        return len(engine.pids) == 2

    wait_for(seen_at_work)
    return engine.pids


def test_a_deaf_query_is_killed_and_the_next_one_works(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.run(query("select 1"), WIDE)
    assert code_of(engine, DEAF, SECOND) == "query.deadline"
    assert engine.run(query("select 1"), WIDE).values == ((1,),)


@pytest.mark.parametrize("column", ["n", "n::bignum", "interval (n) day"])
def test_nothing_goes_on_behind_a_cut_answer(make_engine: MakeEngine, column: str) -> None:
    """DuckDB's threads would go on with the recursion; which of them reads first is chance."""
    engine = make_engine(sandboxes=1)
    endless = "with recursive r(n) as (select 1 union all select n + 1 from r) "
    soon = Limits(rows=10, characters=1_000, cell_characters=100, seconds=3.0)
    first = both_up(engine)
    for _ in range(8):
        assert engine.run(query(f"{endless}select {column} from r"), soon).cut is not None
        assert engine.run(query("select 1"), soon).values == ((1,),)
    assert engine.pids == first
    assert engine.run(query(f"{endless}select {column} from r"), soon).cut is not None
    before = {pid: cpu_of(pid) for pid in engine.pids}
    threading.Event().wait(0.3)
    assert all(cpu_of(pid) - ticks < 10 for pid, ticks in before.items())


def test_cancelling_a_deaf_query_kills_it(make_engine: MakeEngine) -> None:
    engine = make_engine()
    stop = Stop()
    codes = run_in_thread(engine, DEAF, stop)
    busiest(engine)
    stop.set()
    wait_for(lambda: codes)
    assert codes == ["query.cancelled"]
    assert engine.run(query("select 1"), WIDE).values == ((1,),)


def test_a_sandbox_killed_mid_query_is_told_and_replaced(make_engine: MakeEngine) -> None:
    engine = make_engine(sandboxes=1)
    engine.run(query("select 1"), WIDE)
    for _ in range(3):
        codes = run_in_thread(engine, ENDLESS)
        os.kill(busiest(engine), signal.SIGKILL)
        wait_for(lambda codes=codes: codes)
        assert codes == ["server.sandbox_died"]
        assert engine.run(query("select 1"), WIDE).values == ((1,),)


def test_a_sandbox_that_died_while_idle_is_not_handed_out(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.run(query("select 1"), WIDE)
    pids = engine.pids
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    seen = os.WEXITED | os.WNOWAIT | os.WNOHANG
    wait_for(lambda: all(os.waitid(os.P_PID, pid, seen) for pid in pids))
    assert engine.run(query("select 1"), WIDE).values == ((1,),)


def test_a_query_that_crashes_duckdb_takes_only_its_sandbox(make_engine: MakeEngine) -> None:
    engine = make_engine()
    crash = "select json_contains(repeat('[', 200000) || repeat(']', 200000), '1')"
    assert code_of(engine, crash) == "server.sandbox_died"
    assert engine.run(query("select 1"), WIDE).values == ((1,),)


def test_a_query_without_end_of_memory_is_told_so(make_engine: MakeEngine) -> None:
    engine = make_engine(sandbox_memory_mb=64, sandbox_address_space_mb=2_048)
    greedy = "select len(array_agg(i)) from range(100000000) as given(i)"
    assert code_of(engine, greedy) == "sql.memory"
    assert engine.run(query("select 1"), WIDE).values == ((1,),)


def test_memory_that_duckdb_does_not_count_is_bounded_by_the_process(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(sandbox_address_space_mb=1_500)
    code = code_of(engine, "select length(repeat('x', 2000000000))")
    assert code in ("sql.memory", "sql.failed", "server.sandbox_died")
    assert engine.run(query("select 1"), WIDE).values == ((1,),)


def test_a_heavy_query_does_not_block_a_light_one(make_engine: MakeEngine) -> None:
    engine = make_engine(sandboxes=2)
    stop = Stop()
    codes = run_in_thread(engine, ENDLESS, stop)
    busiest(engine)
    assert engine.run(query("select 1"), WIDE).values == ((1,),)
    assert not codes
    stop.set()
    wait_for(lambda: codes)


def test_parsing_works_while_every_sandbox_runs_a_query(make_engine: MakeEngine) -> None:
    engine = make_engine(sandboxes=1)
    stop = Stop()
    codes = run_in_thread(engine, ENDLESS, stop)
    busiest(engine)
    assert json.loads(engine.parse("select 1"))["error"] is False
    stop.set()
    wait_for(lambda: codes)


def test_a_full_queue_is_told_at_once(make_engine: MakeEngine) -> None:
    engine = make_engine(sandboxes=1, queue=0)
    engine.run(query("select 1"), WIDE)
    stop = Stop()
    codes = run_in_thread(engine, ENDLESS, stop)
    busiest(engine)
    wait_for(lambda: len(engine.pids) == 2)  # the spare is up, so nothing more is coming
    with pytest.raises(Unavailable) as busy:
        engine.run(query("select 1"), WIDE)
    assert busy.value.code == "server.busy"
    stop.set()
    wait_for(lambda: codes)
    assert engine.run(query("select 1"), WIDE).values == ((1,),)


def test_waiting_in_the_queue_ends_with_the_deadline(make_engine: MakeEngine) -> None:
    engine = make_engine(sandboxes=1)
    stop = Stop()
    codes = run_in_thread(engine, ENDLESS, stop)
    busiest(engine)
    assert code_of(engine, "select 1", SECOND) == "server.busy"
    stop.set()
    wait_for(lambda: codes)


def test_one_deadline_holds_for_waiting_and_running_together(make_engine: MakeEngine) -> None:
    engine = make_engine(sandboxes=1)
    engine.run(query("select 1"), WIDE)
    codes = run_in_thread(engine, ENDLESS, stop := Stop())
    busiest(engine)
    began = time.monotonic()
    timer = threading.Timer(1.0, stop.set)
    timer.start()
    late = Limits(rows=10, characters=1_000, cell_characters=100, seconds=2.0)
    assert code_of(engine, ENDLESS, late) == "query.deadline"
    assert time.monotonic() - began < 2.9  # 1 waiting and 2 running would be 3
    timer.join()
    wait_for(lambda: codes)


def test_a_client_with_nothing_at_work_gets_a_short_turn_beside_long_queries(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(sandboxes=1)
    engine.run(query("select 1"), WIDE)
    codes = run_in_thread(engine, ENDLESS, heavy := Stop("heavy"))
    busiest(engine)
    for number in range(5):
        assert engine.run(query(f"select {number}"), WIDE, Stop("light")).values == ((number,),)
    assert not codes
    heavy.set()
    wait_for(lambda: codes)


def test_a_client_of_long_queries_gets_no_short_turn_and_leaves_it_to_others(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(sandboxes=1)
    long = Limits(rows=10, characters=1_000, cell_characters=100, seconds=1.5)
    with pytest.raises(RequestError):
        engine.run(query(ENDLESS), long, Stop("greedy"))
    codes = run_in_thread(engine, ENDLESS, heavy := Stop("heavy"))
    busiest(engine)
    waiting = run_in_thread(engine, ENDLESS, greedy := Stop("greedy"))
    for number in range(5):
        assert engine.run(query(f"select {number}"), WIDE, Stop("light")).values == ((number,),)
    assert (codes, waiting) == ([], [])
    for stop in (heavy, greedy):
        stop.set()
    wait_for(lambda: codes and waiting)


def test_a_sandbox_is_not_used_again_after_it_ran_out_of_memory(make_engine: MakeEngine) -> None:
    engine = make_engine(sandboxes=1, sandbox_memory_mb=64, sandbox_address_space_mb=2_048)
    before = both_up(engine)
    greedy = "select len(array_agg(i)) from range(100000000) as given(i)"
    assert code_of(engine, greedy) == "sql.memory"
    assert len(set(before) & set(engine.pids)) == 1


def test_a_sandbox_that_grew_is_not_used_again_and_one_that_did_not_is(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(sandboxes=1, sandbox_memory_mb=64, sandbox_address_space_mb=2_048)
    before = both_up(engine)
    for number in range(3):
        engine.run(query(f"select {number}"), WIDE)
    assert engine.pids == before  # what it holds from the start is no growth
    grow = "select sum(length(repeat('x', 90000000 + i))) from range(3) as given(i)"
    assert engine.run(query(grow), WIDE).values == ((270_000_003,),)
    assert len(set(before) & set(engine.pids)) == 1


def test_a_sandbox_that_takes_no_request_meets_the_deadline(make_engine: MakeEngine) -> None:
    engine = make_engine(sandboxes=1)
    engine.run(query("select 1"), WIDE)
    for pid in engine.pids:
        os.kill(pid, signal.SIGSTOP)  # it reads its pipe no more
    long = f"select {'1 + ' * 100_000}1"
    assert code_of(engine, long, SECOND) == "query.deadline"


def test_a_query_that_outlasts_its_short_turn_starts_again_in_its_own(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(sandboxes=1)
    engine.run(query("select 1"), WIDE)
    codes = run_in_thread(engine, ENDLESS, first := Stop("first"))
    busiest(engine)
    others = run_in_thread(engine, ENDLESS, second := Stop("second"))
    threading.Timer(2.0, first.set).start()
    wait_for(lambda: codes)
    busiest(engine)
    assert (codes, others) == (["query.cancelled"], [])
    second.set()
    wait_for(lambda: others)
    assert others == ["query.cancelled"]


def test_waiting_in_the_queue_can_be_cancelled(make_engine: MakeEngine) -> None:
    engine = make_engine(sandboxes=1)
    heavy, light = Stop(), Stop()
    codes = run_in_thread(engine, ENDLESS, heavy)
    busiest(engine)
    waiting = run_in_thread(engine, "select 1", light)
    light.set()
    wait_for(lambda: waiting)
    assert waiting == ["query.cancelled"]
    heavy.set()
    wait_for(lambda: codes)


def test_an_interrupted_sandbox_is_not_used_again(make_engine: MakeEngine) -> None:
    engine = make_engine(sandboxes=1)
    engine.run(query("select 1"), WIDE)
    codes = run_in_thread(engine, ENDLESS, stop := Stop())
    used = busiest(engine)
    stop.set()
    wait_for(lambda: codes)
    engine.run(query("select 1"), WIDE)
    assert used not in engine.pids


def test_closing_leaves_no_process_and_no_file(make_engine: MakeEngine) -> None:
    files = len(os.listdir("/proc/self/fd"))
    engine = make_engine()
    engine.run(query("select 1"), WIDE)
    codes = run_in_thread(engine, ENDLESS)
    busiest(engine)
    pids = engine.pids
    engine.close()
    wait_for(lambda: codes)
    assert codes == ["server.sandbox_died"]
    assert not [pid for pid in pids if is_running(pid)]
    wait_for(lambda: len(os.listdir("/proc/self/fd")) <= files)


def test_many_queries_and_cancels_leak_no_files(make_engine: MakeEngine) -> None:
    engine = make_engine(sandboxes=1)
    for _ in range(5):
        engine.run(query("select 1"), WIDE, Stop())
    files = len(os.listdir("/proc/self/fd"))
    for _ in range(200):
        engine.run(query("select 1"), WIDE, Stop())
        engine.parse("select 1")
    assert len(os.listdir("/proc/self/fd")) <= files


PARENT = """
import sys, threading
from pathlib import Path
from martlet.engines.duckdb import DuckDbEngine
from martlet.settings import Settings
from tests.engines.conftest import WIDE, query
engine = DuckDbEngine(Path(sys.argv[1]), Settings(sandboxes=1))
engine.run(query("select 1"), WIDE)
threading.Thread(
    target=engine.run, args=(query(sys.argv[2]), WIDE), daemon=True
).start()
while len(engine.pids) < 2:
    threading.Event().wait(0.01)
print(*engine.pids, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("sql", [ENDLESS, DEAF])
def test_sandboxes_end_when_their_parent_is_killed(published: Path, sql: str) -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(published), sql],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=root,
    ) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        parent.kill()
        parent.wait()
        wait_for(lambda: not [pid for pid in pids if is_running(pid)])


@pytest.mark.parametrize("content", [b"not a database" * 1_000, b"", None])
def test_a_file_that_is_no_database_is_told_and_nothing_stays(
    tmp_path: Path, content: bytes | None
) -> None:
    broken = tmp_path / "serving_default.duckdb"
    if content is not None:
        broken.write_bytes(content)
    engine = DuckDbEngine(broken, Settings())
    try:
        with pytest.raises(Unavailable) as died:
            engine.parse("select 1")
        assert died.value.code == "build.broken"
        assert str(broken) not in str(died.value)
    finally:
        engine.close()
    assert engine.pids == []


def test_a_sandbox_has_no_environment_no_folder_and_no_way_to_write(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine(sandboxes=1)
    engine.run(query("select 1"), WIDE)
    pid = engine.pids[0]
    assert Path(f"/proc/{pid}/environ").read_bytes() == b""
    assert os.readlink(f"/proc/{pid}/cwd").endswith(" (deleted)")
    limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    assert "Max file size             0                    0" in limits
    assert "Max core file size        0                    0" in limits
    assert "Max open files            64                   64" in limits
    assert f"Max address space         {4_096 << 20}" in limits
    assert os.getsid(pid) != os.getsid(0)


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to 'stolen.csv'",
        "from read_text('/etc/passwd')",
        "attach 'other.duckdb'",
        "install httpfs",
        "set memory_limit = '64GB'",
        "set enable_external_access = true",
        "reset lock_configuration",
        "create table marts.mine as select 1",
        "insert into marts.fct_orders values (4, 'FR', 1, null)",
        "from duckdb_settings() where name = 'enable_external_access' and value = 'true'",
    ],
)
def test_the_file_and_the_host_are_out_of_reach_even_of_ungated_sql(
    engine: DuckDbEngine, sql: str
) -> None:
    try:
        assert engine.run(query(sql), WIDE).values == ()
    except RequestError as refused:
        assert refused.code == "sql.failed"
