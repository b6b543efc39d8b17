#include "templates/status.h"

#include "templates/characters.h"
#include "tests/templates/samples.h"

#include <catch2/catch.hpp>

namespace slipway::templates {
namespace {

using namespace samples;  // NOLINT(google-build-using-namespace): the tests' own vocabulary

std::string word(StatusLook look) {
  switch (look) {
    case StatusLook::Pending:
      return "pending";
    case StatusLook::Success:
      return "success";
    case StatusLook::Failure:
      return "failure";
    case StatusLook::Error:
      return "error";
  }
  return "";
}

/// "success: 2 to add"
std::string status(const PullReport& report, std::string_view context) {
  for (const StatusShown& found : statuses(report, Traits{}))
    if (found.context == context) return word(found.look) + ": " + found.text.description;
  return "none";
}

std::string plan_of(const PullReport& report) { return status(report, kPlanContext); }
std::string policy_of(const PullReport& report) { return status(report, kPolicyContext); }
std::string apply_of(const PullReport& report) { return status(report, kApplyContext); }

ProjectReport net() {
  return project("prod/net", phase::NoChanges{"a1"}, shown(plan({}), "a1", {passed("tags")}));
}

TEST_CASE("a pull request that touches no project succeeds in all three") {
  const PullReport report = pull({});
  CHECK(plan_of(report) == "success: no Terraform project changed");
  CHECK(policy_of(report) == "success: no Terraform project changed");
  CHECK(apply_of(report) == "success: no Terraform project changed");
  CHECK(statuses(report, Traits{}).size() == 3);
}

TEST_CASE("a project that only an earlier commit touched holds nothing up") {
  ProjectReport gone = web(phase::Discarded{"this commit does not touch it"});
  gone.change.head = kBase;
  CHECK(apply_of(pull({gone})) == "success: no Terraform project changed");
  CHECK(plan_of(pull({gone, net()})) == "success: no changes");
  CHECK(apply_of(pull({gone, net()})) == "success: nothing to apply");
}

TEST_CASE("a project that was merged as it had been before holds nothing up") {
  const ProjectReport same = web(phase::Discarded{"what was merged does not touch it", true});
  CHECK(apply_of(pull({same})) == "success: no Terraform project changed");
  CHECK(apply_of(pull({same, net()})) == "success: nothing to apply");
}

TEST_CASE("what a person discarded is pending until it is planned again") {
  CHECK(apply_of(pull({web(phase::Discarded{"its plan was discarded by alice"})})) ==
        "pending: the plans were discarded: slipway plan");
}

TEST_CASE("drafts, forks and outsiders are pending with the reason") {
  PullReport report = pull({});
  report.waits_for =
      "it comes from a fork: a person with write access comments `slipway plan` to plan commit 9c1e4f2";
  const std::string said =
      "pending: not planned yet: it comes from a fork: a person with write access comments slipway plan to "
      "plan commit 9c1e4f2";
  CHECK(plan_of(report) == said);
  CHECK(policy_of(report) == said);
  CHECK(apply_of(report) == said);
}

TEST_CASE("on_merge: apply succeeds before the merge, so that it can be required") {
  const PullReport report = pull({web(phase::Ready{"7f3a9e"}), net()});
  CHECK(plan_of(report) == "success: 2 projects: 2 to add, 1 output to change");
  CHECK(policy_of(report) == "success: no policy denies it");
  CHECK(apply_of(report) == "success: applied when merged");
  CHECK(status(report, "slipway/plan: prod/web") == "success: 2 to add, 1 output to change");
  CHECK(status(report, "slipway/plan: prod/net") == "success: no changes");
}

TEST_CASE("on_merge: apply fails when it would be blocked") {
  const PullReport report = pull({db(phase::Blocked{"11bb22"}), web(phase::Ready{"7f3a9e"})});
  CHECK(plan_of(report).starts_with("success: 2 projects: "));
  CHECK(policy_of(report) == "failure: prod/db: denied by no-db-destroy");
  CHECK(apply_of(report) == "failure: prod/db: needs @acme/dba to approve no-db-destroy");
}

TEST_CASE("on_merge: a requirement that is not met blocks") {
  ProjectReport report = web(phase::Ready{"7f3a9e"});
  report.unmet = {"approved: no review approves this head"};
  CHECK(apply_of(pull({report})) == "failure: needs approved (no review approves this head)");
}

TEST_CASE("on_comment: apply is pending until it is applied") {
  ProjectReport report = web(phase::Ready{"7f3a9e"});
  report.mode = ApplyMode::OnComment;
  CHECK(apply_of(pull({report})) == "pending: comment slipway apply");
  report.change.state = phase::Applied{merge(), "7f3a9e", "r", false, {}};
  CHECK(apply_of(pull({report})) == "success: applied: 2 added, 1 output changed");
  report = db(phase::Blocked{"11bb22"});
  report.mode = ApplyMode::OnComment;
  CHECK(apply_of(pull({report})) == "failure: needs @acme/dba to approve no-db-destroy");
}

TEST_CASE("in_queue: apply succeeds, since the queue applies") {
  ProjectReport report = web(phase::Ready{"7f3a9e"});
  report.mode = ApplyMode::InQueue;
  CHECK(apply_of(pull({report})) == "success: applied in the merge queue");
}

TEST_CASE("a merge queue's commit is a success when all was applied for it, and waits for nobody") {
  phase::Trigger trigger = merge();
  trigger.merge = false;
  trigger.group = true;
  trigger.commit = "the queue's";
  ProjectReport report = web(phase::Verifying{trigger});
  report.mode = ApplyMode::InQueue;
  const auto apply_in_group = [&](ChangeState state) {
    report.change.state = std::move(state);
    PullReport whole = pull({report});
    whole.group = "the queue's";
    for (const StatusShown& found : group_statuses(whole, Traits{}))
      if (found.context == kApplyContext) return word(found.look) + ": " + found.text.description;
    return std::string("none");
  };
  const auto applied = [](const phase::Trigger& by) { return phase::Applied{by, "7f3a9e", "r", false, {}}; };
  CHECK(apply_in_group(phase::Verifying{trigger}).starts_with("pending: "));
  CHECK(apply_in_group(phase::Applying{trigger, "7f3a9e", "r"}) == "pending: applying");
  CHECK(apply_in_group(phase::Done{applied(trigger)}).starts_with("success: applied"));
  CHECK(apply_in_group(phase::NoChanges{"7f3a9e", trigger}) == "success: nothing to apply");
  CHECK(apply_in_group(phase::AwaitingConfirm{trigger, "7f3a9e", {}, "it differs"}) ==
        "failure: confirm slipway apply 7f3a9e: it differs");
  CHECK(apply_in_group(phase::Ready{"7f3a9e"}).starts_with("failure: "));
  CHECK(apply_in_group(phase::Discarded{"gone"}).starts_with("failure: "));
  phase::Trigger other = trigger;
  other.commit = "an older one";
  CHECK(apply_in_group(phase::Done{applied(other)}).starts_with("failure: "));
  CHECK(apply_in_group(phase::NoChanges{"7f3a9e"}).starts_with("failure: "));
  report.withheld = Freeze{{}, "moving", "root", true, from_millis(1'795'305'600'000), {}};
  CHECK(apply_in_group(phase::Queued{trigger}).starts_with("failure: frozen by root"));
  report.withheld.reset();
  report.depends_on = "`net` of #9";
  CHECK(apply_in_group(phase::Queued{trigger}).starts_with("pending: "));
  report.depends_on_person = true;
  CHECK(apply_in_group(phase::Queued{trigger}).starts_with("failure: "));
}

TEST_CASE("while one project is being planned, all three are pending") {
  const PullReport report = pull({project("dev", phase::Planning{"r"}), web(phase::Ready{"7f3a9e"})});
  CHECK(plan_of(report) == "pending: dev: planning");
  CHECK(policy_of(report) == "pending: dev: waits for the plan");
  CHECK(apply_of(report) == "pending: dev: waits for the plan");
}

TEST_CASE("a stale plan counts for nothing") {
  ProjectReport report = web(phase::Ready{"7f3a9e"});
  report.stale = "`main` moved";
  CHECK(plan_of(pull({report})) == "pending: planning");
  CHECK(policy_of(pull({report})) == "pending: waits for the plan");
  CHECK(apply_of(pull({report})) == "pending: waits for the plan");
}

TEST_CASE("a plan that failed says why") {
  const PullReport report =
      pull({project("dev", phase::PlanFailed{"r", "", {undeclared()}}), web(phase::Ready{"7f3a9e"})});
  CHECK(plan_of(report) == "failure: dev: the plan failed: main.tf:14 reference to undeclared resource");
  CHECK(policy_of(report) == "pending: dev: the plan failed: there is nothing to judge");
  CHECK(apply_of(report) == "failure: dev: would wait for a person: the plan failed");
}

TEST_CASE("a policy that could not be asked is an error, neither yes nor no") {
  ProjectReport report = web(phase::Blocked{"7f3a9e"});
  report.plan->record.verdicts = {
      {"cost", PolicyLevel::Overridable, PolicyOutcome::Error, {"out of time"}, {}, ""}};
  CHECK(policy_of(pull({report})) == "error: cost could not be asked");
}

TEST_CASE("after the merge apply says what comes of it") {
  const auto said = [&](ChangeState state) { return apply_of(pull({web(std::move(state)), net()})); };
  CHECK(said(phase::Queued{merge()}) == "pending: next in the queue");
  CHECK(said(phase::Applying{merge(), "p", "r", 1, 2, false}) == "pending: applying (1 of 2 resources)");
  CHECK(said(phase::AwaitingConfirm{merge(), "7f3a9e", "o", ""}) ==
        "pending: confirm slipway apply 7f3a9e: it differs from what was reviewed");
  CHECK(said(phase::ApplyFailed{merge(), "p", "r", 1, 2, "the disk is full", {}, ""}) ==
        "failure: the apply failed: the disk is full");
  CHECK(said(phase::Interrupted{merge(), "p", "r", {}, {}, "state serial moved 42 → 43", ""}) ==
        "error: interrupted: state serial moved 42 → 43, being planned again");
  const phase::Applied applied{merge(), "p", "r", false, {}};
  CHECK(said(phase::Onboarding{applied, 1}) ==
        "success: applied: 2 added, 1 output changed; making its machines known");
  CHECK(said(phase::Degraded{applied, {{"ansible", "web-03", "it gave up", 0}}}) ==
        "success: applied: 2 added, 1 output changed; ansible of web-03: it gave up");
  CHECK(said(phase::Done{applied}) == "success: applied: 2 added, 1 output changed");
}

TEST_CASE("a conflict fails what needs a plan") {
  PullReport report = pull({});
  report.conflicts = {"main.tf"};
  CHECK(plan_of(report) == "failure: conflicts with main");
  CHECK(policy_of(report) == "pending: conflicts with main");
  CHECK(apply_of(report) == "failure: conflicts with main");
}

TEST_CASE("several projects that say the same are counted") {
  std::vector<ProjectReport> projects;
  for (int i = 0; i < 12; ++i) projects.push_back(project("p" + std::to_string(i), phase::Planning{"r"}));
  CHECK(plan_of(pull(projects)) == "pending: planning");
  projects.push_back(net());
  CHECK(plan_of(pull(projects)) == "pending: p0 and 11 more: planning");
  CHECK(statuses(pull(projects), Traits{}).size() == 3);  // too many for one each
}

TEST_CASE("no description is longer than the forge takes, in characters") {
  const std::string name(128, 'n');
  ProjectReport report =
      project("서울/" + name, phase::PlanFailed{"r", std::string(1'000, 'x') + " 서울", {}});
  for (const StatusShown& found : statuses(pull({report, net()}), Traits{})) {
    CAPTURE(found.text.description);
    CHECK(code_points(found.text.description) <= 140);
  }
}

}  // namespace
}  // namespace slipway::templates
