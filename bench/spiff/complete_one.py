"""Time one task's completion in SpiffWorkflow among N open ones; print one JSON object.

Usage: python complete_one.py N [REPEATS]. Runs in an environment of its own, see __init__.py.

The choices, each the kindest to the peer that we found:

* One process with one user task, repeated N times by a parallel multi-instance marker: as when a
  directive lays one duty on each of N units. Letters as call activities, which is nearer to a
  cascade, were slower still: about twice at 1,000 and 9,000 tasks.
* A task is found by its id, as a form would name it, not by searching the list.
* After a task SpiffWorkflow asks for do_engine_steps(), which lets the process go on.
* What it persists is the whole state of the process: its serialiser writes it as JSON, here into
  one row of SQLite (WAL, synchronous=FULL, as Cascade has it), once for each act.
* A process held in memory needs no load before the act; several web workers do need one. Both are
  reported: "seconds_complete_one" is without, "seconds_complete_one_with_load" with it.
* get_tasks() stops at a depth of 1,000 by default, and its depth grows with each call activity, so
  that it misses tasks without a word; it is raised here although this process needs none of it.
"""

import json
import sqlite3
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser  # type: ignore[import-not-found]
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer  # type: ignore[import-not-found]
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow  # type: ignore[import-not-found]
from SpiffWorkflow.util.task import TaskState  # type: ignore[import-not-found]

PROCESS = """
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="cascade">
  <process id="directive" isExecutable="true">
    <startEvent id="issued"><outgoing>lay</outgoing></startEvent>
    <sequenceFlow id="lay" sourceRef="issued" targetRef="duty"/>
    <userTask id="duty" name="Do what the directive asks">
      <incoming>lay</incoming><outgoing>finish</outgoing>
      <multiInstanceLoopCharacteristics>
        <loopCardinality>{n}</loopCardinality>
      </multiInstanceLoopCharacteristics>
    </userTask>
    <sequenceFlow id="finish" sourceRef="duty" targetRef="fulfilled"/>
    <endEvent id="fulfilled"><incoming>finish</incoming></endEvent>
  </process>
</definitions>
"""

# Enough to see the spread; loads are the slow part and vary little.
REPEATS = 7
LOADS = 3


def main(n: int, repeats: int = REPEATS) -> dict[str, object]:
    """Return the medians, in seconds, of completing some of n tasks (2 or more)."""
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    workflow = start(n)
    tasks = open_tasks(workflow)
    if len(tasks) != n:
        raise SystemExit(f"SpiffWorkflow shows {len(tasks)} of {n} open tasks")
    # Spread over the whole process, should the place matter. The first is not counted: it warms up.
    repeats = min(repeats, n - 1)
    chosen = [tasks[i * n // (repeats + 1)].id for i in range(repeats + 1)]

    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "peer.sqlite")
        database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
        database.execute("CREATE TABLE process (id INTEGER PRIMARY KEY, state TEXT NOT NULL)")
        database.execute("INSERT INTO process VALUES (1, ?)", [serializer.serialize_json(workflow)])
        database.commit()

        acts = [complete(workflow, task, serializer, database) for task in chosen][1:]
        loads = []
        for _ in range(min(LOADS, repeats)):
            began = perf_counter()
            (state,) = database.execute("SELECT state FROM process WHERE id = 1").fetchone()
            workflow = serializer.deserialize_json(state)
            loads.append(perf_counter() - began)
        database.close()

    left = len(open_tasks(workflow))
    if left != n - len(chosen):
        raise SystemExit(f"{left} tasks are open after {len(chosen)} of {n} were completed")
    whole = median(whole for whole, _ in acts)
    return {
        "peer": "SpiffWorkflow 3.2.0",
        "n": n,
        "seconds_complete_one": whole,
        "seconds_of_which_serialise": median(serialise for _, serialise in acts),
        "seconds_load": median(loads),
        "seconds_complete_one_with_load": whole + median(loads),
        "bytes_written": len(state.encode()),
        "repeats": len(acts),
        "tasks_seen": len(tasks),
    }


def start(n: int) -> Any:
    """Return a process with n open tasks."""
    parser = BpmnParser()
    parser.add_bpmn_str(PROCESS.format(n=n).encode())
    workflow = BpmnWorkflow(parser.get_spec("directive"))
    workflow.do_engine_steps()
    return workflow


def open_tasks(workflow: Any) -> list[Any]:
    """Return the tasks that wait for a person."""
    found = workflow.get_tasks(state=TaskState.READY, manual=True, max_depth=sys.maxsize)
    return list(found)


def complete(
    workflow: Any, task_id: Any, serializer: Any, database: sqlite3.Connection
) -> tuple[float, float]:
    """Complete one task and keep the result; return the seconds of all, and of serialising."""
    began = perf_counter()
    workflow.get_task_from_id(task_id).run()
    workflow.do_engine_steps()
    done = perf_counter()
    state = serializer.serialize_json(workflow)
    serialised = perf_counter()
    database.execute("UPDATE process SET state = ? WHERE id = 1", [state])
    database.commit()
    return perf_counter() - began, serialised - done


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:]))))
