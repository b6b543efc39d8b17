#include "templates/render.h"
#include "tests/templates/golden.h"
#include "tests/templates/samples.h"

#include <catch2/catch.hpp>

namespace slipway::templates {
namespace {

using namespace samples;  // NOLINT(google-build-using-namespace): the tests' own vocabulary

void check(const std::string& name, const PullReport& report) {
  check_golden(name + ".md", to_markdown(report, Traits{}));
}

ProjectReport net(ChangeState state) {
  return project("prod/net", std::move(state), shown(plan({}), "a1a1a1", {passed("tags")}));
}

PullReport several() {
  ProjectReport dev = project("dev", phase::PlanFailed{"r", "", {undeclared()}});
  return pull(
      {dev, net(phase::NoChanges{"a1a1a1"}), web(phase::Ready{"7f3a9e"}), db(phase::Blocked{"11bb22"})});
}

TEST_CASE("several projects: what is destroyed, the table worst first, a section each, what happens next") {
  check("planned", several());
}

TEST_CASE("a page shows the same as the comment") { check_golden("planned.html", to_html(several())); }

TEST_CASE("a terminal shows the same as the comment") {
  check_golden("planned.txt", to_terminal(several(), false));
  check_golden("planned_in_colours_80.txt", to_terminal(several(), true, 80));
}

TEST_CASE("a forge without alerts, folding and diff colours gets quotations, bold lines and ~") {
  Traits plain;
  plain.alerts = false;
  plain.details = false;
  plain.diff_colours = false;
  check_golden("planned_plain.md", to_markdown(several(), plain));
}

TEST_CASE("one project has no table: the heading counts and its section is open") {
  check("one_project", pull({web(phase::Ready{"7f3a9e"})}));
}

TEST_CASE("one project that destroys and is denied") {
  check("one_denied", pull({db(phase::Blocked{"11bb22"})}));
}

TEST_CASE("rows as soon as the projects are known") {
  ProjectReport later = project("prod/db", phase::Waiting{});
  check("planning",
        pull({project("prod/web", phase::Planning{"r"}), later, net(phase::NoChanges{"a1a1a1"})}));
}

TEST_CASE("a plan that changes nothing") { check("no_changes", pull({net(phase::NoChanges{"a1a1a1"})})); }

TEST_CASE("a plan that failed says where, what and the source line") {
  Diagnostic second = undeclared();
  second.summary = "Unsupported attribute";
  second.file = "outputs.tf";
  second.line = 3;
  second.code = "  value = hci_instance.web.addres";
  second.detail =
      "This object has no argument, nested block, or exported attribute named \"addres\".\n\nDid you mean "
      "\"address\"?";
  check("plan_failed",
        pull({project("prod/web", phase::PlanFailed{"r", "2 errors", {undeclared(), second}})}));
}

TEST_CASE("a plan that failed without a diagnostic says the error") {
  check(
      "plan_failed_plainly",
      pull({project("prod/web", phase::PlanFailed{
                                    "r", "`terraform init` ended with exit code 1: no such provider", {}})}));
}

TEST_CASE("on_comment: the next step is the comment") {
  ProjectReport report = web(phase::Ready{"7f3a9e"});
  report.mode = ApplyMode::OnComment;
  check("on_comment", pull({report}));
}

TEST_CASE("in_queue: the next step is the merge queue") {
  ProjectReport report = web(phase::Ready{"7f3a9e"});
  report.mode = ApplyMode::InQueue;
  check("in_queue", pull({report}));
}

TEST_CASE("in_queue: what is asked is confirmed, and the queue asks again") {
  phase::Trigger trigger = merge();
  trigger.merge = false;
  trigger.group = true;
  ProjectReport report =
      web(phase::AwaitingConfirm{trigger, "7f3a9e", {}, "it was queued without `approved`"});
  report.mode = ApplyMode::InQueue;
  check("in_queue_asks", pull({report}));
  report.change.state = phase::Ready{"7f3a9e", "bob"};
  check("in_queue_confirmed", pull({report}));
  report.change.state = phase::ApplyFailed{trigger, "7f3a9e", "r", 1, 2, "quota exceeded", {}, "7f3a9e"};
  check("in_queue_failed", pull({report}));
}

TEST_CASE("in_queue: a freeze does not end by itself for who was let go") {
  ProjectReport report = web(phase::Ready{"7f3a9e"});
  report.mode = ApplyMode::InQueue;
  report.withheld = Freeze{{}, "moving the data center", "root", true, from_millis(1'795'305'600'000), {}};
  check("in_queue_frozen", pull({report}));
  report.withheld = WindowClosed{from_millis(1), "Mon Nov 23, 09:00 (Europe/Berlin)"};
  CHECK(
      to_markdown(pull({report}), Traits{})
          .find(
              "**Add it to the merge queue to apply** `prod/web`. The merge queue applies `prod/web` when a "
              "window opens, Mon Nov 23, 09:00 (Europe/Berlin): add this to the queue then.") !=
      std::string::npos);
}

TEST_CASE("let go by its merge queue after it was applied") {
  phase::Trigger trigger = merge();
  trigger.actor = "alice";
  trigger.closed = true;
  trigger.let_go = true;
  const std::string why = "it was applied in the merge queue, which did not merge it";
  ProjectReport report = db(phase::AwaitingConfirm{trigger, "7f3a9e", {}, why});
  report.mode = ApplyMode::InQueue;
  check("let_go", pull({report}));
}

TEST_CASE("requirements that are not met are named") {
  ProjectReport report = web(phase::Ready{"7f3a9e"});
  report.unmet = {"approved: no review by somebody else approves 9c1e4f2",
                  "mergeable: the forge says that it can't be merged"};
  check("unmet", pull({report}));
}

TEST_CASE("a project whose state would vanish is planned and can't be applied") {
  ProjectReport report = web(phase::Ready{"7f3a9e"});
  report.stateless = "no backend is declared, and `state: slipway` is not set";
  check("stateless", pull({report}));
}

TEST_CASE("a plan made with flags is not complete and is applied by a comment only") {
  ProjectReport report = web(phase::Ready{"7f3a9e"});
  report.plan->record.flags = {"-target=hci_instance.web"};
  report.plan->record.complete = false;
  report.plan->plan.complete = false;
  check("flags", pull({report}));
}

TEST_CASE("a stale plan says why it is made again") {
  ProjectReport report = web(phase::Ready{"7f3a9e"});
  report.stale = "`main` moved";
  check("stale", pull({report, net(phase::NoChanges{"a1a1a1"})}));
}

TEST_CASE("policies: overridden, warned, not asked, and one that nobody may override") {
  ProjectReport report = db(phase::Blocked{"11bb22"});
  auto& verdicts = report.plan->record.verdicts;
  verdicts.front().overridden_by = "dora";
  verdicts.push_back({"cost", PolicyLevel::Advisory, PolicyOutcome::Deny, {"costs grow by 40%"}, {}, ""});
  verdicts.push_back(
      {"naming", PolicyLevel::Overridable, PolicyOutcome::Error, {"jq: ran out of time"}, {}, ""});
  verdicts.push_back({"no-public-ip",
                      PolicyLevel::Mandatory,
                      PolicyOutcome::Deny,
                      {"`x` is public", "y is public"},
                      {"@acme/sec"},
                      ""});
  verdicts.push_back({"hours", PolicyLevel::Overridable, PolicyOutcome::Deny, {}, {"alice", "bob"}, ""});
  check("policies", pull({report}));
}

TEST_CASE("a draft says what it waits for") {
  PullReport report = pull({});
  report.base.clear();
  report.waits_for = "it is a draft: planned when it is ready for review";
  check("draft", report);
}

TEST_CASE("a fork waits for a person who may write") {
  PullReport report = pull({});
  report.waits_for =
      "it comes from a fork: a person with write access comments `slipway plan` to plan commit 9c1e4f2";
  check("fork", report);
}

TEST_CASE("a conflict names the files") {
  PullReport report = pull({});
  report.conflicts = {"prod/web/main.tf", "modules/net/it's [odd].tf"};
  check("conflict", report);
}

TEST_CASE("notes and warnings about the projects are said") {
  PullReport report = pull({web(phase::Ready{"7f3a9e"})});
  report.notes = {"`prod/old` was removed: what it made stays until somebody destroys it",
                  "the sandbox has no namespaces here: plans run with resource limits only"};
  Diagnostic warning;
  warning.error = false;
  warning.summary = "Deprecated attribute";
  warning.detail = "The attribute \"cpus\" is deprecated. Refer to the provider documentation.";
  warning.file = "main.tf";
  warning.line = 7;
  report.projects.front().plan->plan.warnings = {warning};
  report.projects.front().change.warnings = {warning};
  report.projects.front().machines.problems = {"`groups` of hci_instance.web[1]: expected a list of strings"};
  check("notes", report);
}

TEST_CASE("drift is folded, and what was not compared is said") {
  ProjectReport report = web(phase::Ready{"7f3a9e"});
  report.plan->plan.drift = {
      updated("hci_instance.web[0]", R"({"cpu": 4, "name": "web-01"})", R"({"cpu": 8, "name": "web-01"})"),
      destroyed("hci_instance.gone", R"({"name": "gone"})")};
  report.plan->plan.noise_left_out = {"null_resource.stamp.triggers.now"};
  check("drift", pull({report}));
}

TEST_CASE("queued behind another pull request, and next in the queue") {
  ProjectReport waits = web(phase::Queued{merge()});
  waits.queue_place = 2;
  waits.queue_ahead = "#9";
  ProjectReport next = db(phase::Queued{merge()});
  next.queue_place = 1;
  PullReport report = pull({waits, next, net(phase::Verifying{merge()})});
  report.pull.state = PullState::Merged;
  check("queued", report);
}

TEST_CASE("a freeze and a closed window say why nothing is applied, and until when") {
  const Freeze freeze{{{"github", "acme/infra"}},
                      "the year is being closed, see #4 and @acme/ops.",
                      "bob",
                      false,
                      from_millis(1'795'305'600'000),
                      from_millis(1'795'564'800'000)};
  ProjectReport merged = web(phase::Queued{merge()});
  merged.withheld = freeze;
  ProjectReport closed = db(phase::Queued{merge()});
  closed.withheld = WindowClosed{from_millis(1'795'564'800'000), "Wed Nov 25, 01:00 (Europe/Berlin)"};
  PullReport report = pull({merged, closed});
  report.pull.state = PullState::Merged;
  check("withheld", report);

  ProjectReport planned = web(phase::Ready{"7f3a9e"});
  planned.withheld = freeze;
  std::get<Freeze>(*planned.withheld).until.reset();
  std::get<Freeze>(*planned.withheld).scope = {};
  check("frozen", pull({planned}));
}

TEST_CASE("before the merge a closed window says when it opens") {
  ProjectReport planned = web(phase::Ready{"7f3a9e"});
  planned.withheld = WindowClosed{from_millis(1'795'564'800'000), "Wed Nov 25, 01:00 (Europe/Berlin)"};
  check("window_closed", pull({planned, net(phase::Ready{"a1a1a1"})}));
  check("window_closed_alone", pull({planned}));
}

TEST_CASE("applying says how far it is") {
  PullReport report = pull(
      {web(phase::Applying{merge(), "7f3a9e", "r", 12, 40, false}), db(phase::Replanning{merge(), "r"})});
  report.pull.state = PullState::Merged;
  check("applying", report);
}

TEST_CASE("a differing plan is shown change by change, and waits for exactly its confirmation") {
  ProjectReport report =
      db(phase::AwaitingConfirm{merge(), "11bb22", "old111", "it differs from what was reviewed"});
  PlanShown before = *db(phase::Ready{""}).plan;
  before.plan.changes[0] = updated("module.db.hci_rule.gone", R"({"port": 1})", R"({"port": 2})");
  before.plan.changes[2] =
      updated("module.db.hci_pool.main", R"({"name": "main", "size": 2})", R"({"name": "main", "size": 4})");
  report.compared_to = before;
  PullReport pulled = pull({report});
  pulled.pull.state = PullState::Merged;
  check("awaiting_confirm", pulled);
}

TEST_CASE("merged before any plan was shown: everything is new, and asks") {
  ProjectReport report = web(phase::AwaitingConfirm{merge(), "7f3a9e", "", "no plan of it had been shown"});
  PullReport pulled = pull(
      {report, project("dev", phase::AwaitingConfirm{merge(), "", "", "planning it again failed: timeout"})});
  pulled.pull.state = PullState::Merged;
  check("awaiting_confirm_unseen", pulled);
}

TEST_CASE("applied, with its machines, small and folded") {
  PullReport report =
      pull({web(phase::Done{{merge(), "7f3a9e", "r", false, {"a9", 43}}}), net(phase::NoChanges{"a1a1a1"})});
  report.pull.state = PullState::Merged;
  check("done", report);
}

TEST_CASE("applied after planning again, its machines on their way") {
  PullReport report = pull({web(phase::Onboarding{{merge(), "7f3a9e", "r", true, {"a9", 43}}, 2})});
  report.pull.state = PullState::Merged;
  check("onboarding", report);
}

TEST_CASE("a hook that gave up is said, and nothing is un-applied") {
  PullReport report =
      pull({web(phase::Degraded{{merge(), "7f3a9e", "r", false, {"a9", 43}},
                                {{"ansible", "web-03", "the playbook failed after 5 tries", 17}}})});
  report.pull.state = PullState::Merged;
  check("degraded", report);
}

TEST_CASE("who holds the lock on a state is said, since when, and how it is released") {
  Diagnostic locked;
  locked.summary = "Error acquiring the state lock";
  PullReport report = pull({web(phase::ApplyFailed{
      merge(),
      "7f3a9e",
      "r",
      0,
      0,
      "the state is locked by alice@laptop",
      {locked},
      "7f3a9e",
      {},
      {"9dc5a002-6dfb", "alice@laptop", "OperationTypeApply", "2026-11-22 10:00:00 UTC"}})});
  report.pull.state = PullState::Merged;
  check("apply_failed_locked", report);
}

TEST_CASE("a state that could not be written is pushed back, or a person is told how to") {
  const auto failed = [](const UnwrittenState& unwritten) {
    ProjectReport report =
        web(phase::ApplyFailed{merge(), "7f3a9e", "r", 1, 2, "Failed to save state", {}, "", unwritten});
    if (!unwritten.refusal.empty()) report.by_hand = {"terraform state push errored.tfstate"};
    PullReport whole = pull({report});
    whole.pull.state = PullState::Merged;
    return whole;
  };
  check("apply_failed_pushing", failed({"5b0d", {}, false, {}}));
  check("apply_failed_pushed", failed({"5b0d", {}, true, {}}));
  check("apply_failed_kept", failed({"5b0d", {}, false, "the state is locked by bob@laptop"}));
}

TEST_CASE("an apply that failed half way shows what is left") {
  Diagnostic quota;
  quota.summary = "creating instance: quota exceeded";
  quota.address = "hci_instance.web[2]";
  quota.file = "main.tf";
  quota.line = 3;
  ProjectReport report = web(phase::ApplyFailed{merge(), "7f3a9e", "r", 3, 5, "", {quota}, "99cc00"});
  report.plan = shown(
      plan({created("hci_instance.web[2]", R"({"name": "web-03", "id": {"$unknown": true}})")}), "99cc00");
  report.machines.joining.pop_back();
  PullReport pulled = pull({report, net(phase::NoChanges{"a1a1a1"})});
  pulled.pull.state = PullState::Merged;
  check("apply_failed", pulled);
}

TEST_CASE("an interrupted apply says what the state tells") {
  ProjectReport report = project(
      "prod/web",
      phase::Interrupted{merge(), "7f3a9e", "r", {"a9", 42}, {"a9", 43}, "state serial moved 42 → 43", ""});
  PullReport pulled = pull({report});
  pulled.pull.state = PullState::Merged;
  check("interrupted", pulled);
}

TEST_CASE("while what is left is not known, the plan that was being applied is not called that") {
  PullReport report =
      pull({web(phase::ApplyFailed{merge(), "7f3a9e", "r", 1, 2, "`terraform apply` was killed", {}, ""})});
  report.pull.state = PullState::Merged;
  check("apply_failed_left_unknown", report);
}

TEST_CASE("a project that only an earlier commit touched is gone from the comment") {
  ProjectReport gone = web(phase::Discarded{"this commit does not touch it"});
  gone.change.head = kBase;
  const std::string text = to_markdown(pull({gone, net(phase::NoChanges{"a1a1a1"})}), Traits{});
  CHECK(text.find("prod/web") == std::string::npos);
  check("no_project_any_more", pull({gone}));
}

TEST_CASE("before anything is pushed, the same without what only a forge has") {
  ProjectReport local = db(phase::Ready{"local"});
  local.change.head.clear();
  local.run_url.clear();
  local.plan->record.head.clear();
  local.plan->record.expires = {};
  PullReport report;
  report.command = "slipway";
  report.sandbox = "full";
  report.projects = {local};
  check_golden("local.txt", to_terminal(report, false));
}

TEST_CASE("before anything is pushed nobody is told to merge, to push or to comment") {
  const auto closing = [](ChangeState state) {
    PullReport report;
    report.command = "slipway";
    report.projects = {project(".", std::move(state))};
    const std::string text = to_terminal(report, false);
    for (const char* word : {"erge", "push", "slipway plan"}) CHECK(text.find(word) == std::string::npos);
    return text;
  };
  CHECK(closing(phase::Ready{"local"}).find("Nothing was applied: this is what these files would change.") !=
        std::string::npos);
  CHECK(closing(phase::NoChanges{"local"}).find("These files change nothing.") != std::string::npos);
  CHECK(closing(phase::PlanFailed{"r", "2 errors", {undeclared()}})
            .find("These files could not be planned. Nothing was applied.") != std::string::npos);
}

TEST_CASE("closed without a merge") {
  PullReport report = pull({web(phase::Discarded{"the pull request was closed"})});
  report.pull.state = PullState::Closed;
  check("closed", report);
}

TEST_CASE("closed without a merge after it was applied") {
  phase::Trigger trigger = merge();
  trigger.actor = "alice";
  trigger.closed = true;
  const std::string why = "alice applied it, and the pull request was closed without a merge";
  PullReport report = pull({db(phase::AwaitingConfirm{trigger, "7f3a9e", {}, why})});
  report.pull.state = PullState::Closed;
  check("closed_after_apply", report);

  report.projects.front().change.state = phase::NoChanges{"7f3a9e", trigger};
  CHECK(to_markdown(report, Traits{})
            .find("**Closed without a merge.** What was applied from here was taken "
                  "back, or is on `main` by now.") != std::string::npos);
  trigger.merge = false;
  trigger.closed = false;
  report.projects.front().change.state = phase::Done{phase::Applied{trigger, "7f3a9e", "r", false, {}}};
  report.projects.front().change.applied_by = "alice";
  CHECK(to_markdown(report, Traits{}).find("**Closed without a merge** after `prod/db` was applied") !=
        std::string::npos);
}

}  // namespace
}  // namespace slipway::templates
