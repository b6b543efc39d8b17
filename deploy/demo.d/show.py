"""The demonstration itself; deploy/demo has built the program before."""

import argparse
import json
import re
import sys
import time
from pathlib import Path

import paper
from stage import HERE, REPO, Broken, Stage

LOG_LINES = 30


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--terraform", required=True)
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    stage = None
    kept = False
    try:
        begun = time.monotonic()
        stage = Stage(asked.program, asked.terraform)
        paper.say(f"  3  {'A forge and a server':34}running, {time.monotonic() - begun:.0f} s")
        add_machines(stage)
        remove_one(stage)
        kept = asked.keep
        close(stage, kept)
        return 0
    except Broken as broken:
        paper.say(f"\ndemo: {broken}")
        if stage and stage.log.exists():
            paper.say("The end of the server's log:")
            paper.say("\n".join(stage.log.read_text(errors="replace").split("\n")[-LOG_LINES:]))
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if stage and not kept:
            stage.end()


def add_machines(stage: Stage) -> None:
    machines = (HERE / "machines.tf").read_text()
    paper.scene("alice opens #1: two machines")
    paper.prose("`web/main.tf` gets two machines. The server hears of it by a webhook, merges the branch onto `main` "
                "in memory, plans the result in a sandbox, and writes this comment:")
    stage.do("commits", repo=REPO, user="alice", branch="web", files={"web/main.tf": machines},
             message="Add two web servers")
    stage.do("pulls", repo=REPO, user="alice", head="web", title="Add two web servers")
    paper.comment(stage.comment(1, "Merge to apply"))
    show_statuses(stage, 1, "success")

    paper.scene("alice merges #1")
    paper.prose("Nothing has moved since, so exactly the plan that was shown is applied. The run's page shows this "
                "log while it grows:")
    stage.do("pulls/merge", repo=REPO, user="alice", number=1, method="squash")
    follow_apply(stage, 1)
    paper.prose("The state tells what changed, and so do Prometheus and Ansible, which read it from the server:")
    show_targets(stage)
    show_inventory(stage)


def remove_one(stage: Stage) -> None:
    machines = (HERE / "machines.tf").read_text()
    fewer = re.sub(r"\n    web-02 .*", "", machines)
    paper.scene("alice opens #2: one machine less")
    paper.prose("The policy `no-machine-destroy` of the server's configuration denies it. A pull request can't change "
                "how it is judged.")
    stage.do("commits", repo=REPO, user="alice", branch="less", files={"web/main.tf": fewer},
             message="Remove web-02", **{"from": "main"})
    stage.do("pulls", repo=REPO, user="alice", head="less", title="Remove web-02")
    paper.comment(stage.comment(2, "waits for an approval"))
    show_statuses(stage, 2, "failure")

    paper.scene("olga, who owns the policy, approves")
    paper.prose("She comments `slipway approve no-machine-destroy`. It counts for exactly these changes: a push that "
                "destroys something else asks again.")
    stage.do("comments", repo=REPO, user="olga", number=2, body="slipway approve no-machine-destroy")
    stage.comment(2, "Merge to apply")
    show_statuses(stage, 2, "success")

    paper.scene("alice merges #2")
    stage.do("pulls/merge", repo=REPO, user="alice", number=2, method="squash")
    follow_apply(stage, 2)
    show_targets(stage)


def show_statuses(stage: Stage, number: int, at_last: str) -> None:
    stage.wait_for_status(number, "slipway/apply", at_last)
    paper.gap()
    for context, state, description in stage.statuses(number):
        colour = {"success": paper.GREEN, "failure": paper.RED}.get(state, paper.YELLOW)
        paper.say(f"  {context:15} {paper.in_colour(colour, state):8} {description}")


def follow_apply(stage: Stage, number: int) -> None:
    body = stage.comment(number, "Terraform applied")
    run = re.search(r"/runs/([0-9a-f]+)\)", body)
    paper.boxed(stage.run_log(run[1]))
    paper.comment(stage.comment(number, "is applied:"))


def show_targets(stage: Stage) -> None:
    paper.command(f"curl {stage.server}/sd/prometheus")
    groups = json.loads(stage.get("/sd/prometheus")[1])
    lines = []
    for group in groups:
        labels = ", ".join(f"{name}={value}" for name, value in group["labels"].items() if not name.startswith("__"))
        lines.append(f"{' '.join(group['targets']):20} {labels}")
    paper.boxed(lines)


def show_inventory(stage: Stage) -> None:
    paper.command(f"curl {stage.server}/inventory/ansible")
    inventory = json.loads(stage.get("/inventory/ansible")[1])
    lines = [f"[{name}]  {' '.join(group['hosts'])}" for name, group in sorted(inventory.items())
             if name != "_meta" and group.get("hosts")]
    for host, variables in sorted(inventory["_meta"]["hostvars"].items()):
        told = ", ".join(f"{name}={value}" for name, value in variables.items() if not name.startswith("slipway_"))
        lines.append(f"{host}  {told}")
    paper.boxed(lines)


def close(stage: Stage, kept: bool) -> None:
    paper.scene("Where to go from here")
    if kept:
        paper.say(f"  The server's pages    {stage.server}/\n"
                  f"  The forge             {stage.forge}/{REPO}/pull/1\n"
                  f"  Targets, inventory    {stage.server}/sd/prometheus, /inventory/ansible\n"
                  f"  Configuration, log    {stage.directory}\n"
                  f"  To end all of it      {stage.leave_running()}")
        return
    paper.say("  README.md                  how to connect a repository of yours\n"
              "  docs/                      the manual\n"
              "  deploy/demo.d/slipway.yaml the configuration that you have seen at work\n"
              "  deploy/demo --keep         the same, left running to be opened in a browser")


if __name__ == "__main__":
    sys.exit(main())
