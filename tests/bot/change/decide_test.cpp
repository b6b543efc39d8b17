#include "tests/bot/change/story.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::change;

namespace {

Verdict denied(PolicyLevel level) {
  return {"no-destroy", level, PolicyOutcome::Deny, {"no"}, {"@acme/dba"}, {}};
}

}  // namespace

TEST_CASE("a pull request that was opened is prepared, with eyes on it") {
  Story story;
  story.opened("head1");
  CHECK(story.has<action::Prepare>());
  REQUIRE(story.all<action::React>().size() == 1);
  CHECK(story.all<action::React>().front().emoji == Emoji::Eyes);
}

TEST_CASE("a draft waits and says why") {
  Story story;
  story.pull.pull.draft = true;
  story.opened("head1");
  CHECK_FALSE(story.has<action::Prepare>());
  CHECK(story.pull.waits_for.find("draft") != std::string::npos);
  CHECK(story.has<action::SetStatuses>());
}

TEST_CASE("a fork's pull request is planned only after an entitled person lets that very head in") {
  Story story;
  story.pull.pull.from_fork = true;
  story.opened("head1");
  CHECK_FALSE(story.has<action::Prepare>());
  story.commented("mallory", "slipway plan", false);
  CHECK_FALSE(story.has<action::Prepare>());
  story.commented("bob", "slipway plan");
  CHECK(story.has<action::Prepare>());
  story.prepared("head1", {"net"});
  story.opened("head2");
  CHECK_FALSE(story.has<action::Prepare>());
  CHECK_FALSE(story.pull.waits_for.empty());
}

TEST_CASE("a base branch that the config does not list is left alone") {
  Story story;
  story.rules.branch_counts = false;
  story.opened("head1");
  CHECK(story.actions.empty());
}

TEST_CASE("a push stops the plan that runs and begins another") {
  Story story;
  story.opened("head1");
  story.prepared("head1", {"net"});
  const RunId first = story.in<phase::Planning>("net").run;
  story.prepared("head2", {"net"});
  REQUIRE(story.all<action::Stop>().size() == 1);
  CHECK(story.all<action::Stop>().front().run == first);
  CHECK(story.in<phase::Planning>("net").run != first);
}

TEST_CASE("a plan of a run that was superseded changes nothing") {
  Story story;
  story.opened("head1");
  story.prepared("head1", {"net"});
  PlanRecord late;
  late.id = "late";
  late.run = "another run";
  late.change = story.id("net");
  story.happens(event::Planned{late.change, late});
  CHECK(story.state("net") == "Planning");
  CHECK(story.actions.empty());
}

TEST_CASE("a base that moved plans only the projects whose files moved") {
  Story story;
  story.opened("head1");
  story.prepared("head1", {"db", "net"});
  story.planned("db", "adds");
  story.planned("net", "adds");
  story.shown();
  event::Prepared event{"head1", "base2", "base", "tree2", {}, {}, {}};
  event.projects = {{{"db", "default", {}}, "files:2", {}, {}}, {{"net", "default", {}}, "files:1", {}, {}}};
  story.happens(event);
  CHECK(story.state("db") == "Planning");
  CHECK(story.state("net") == "Ready");
}

TEST_CASE("a conflict is said and nothing is planned") {
  Story story;
  story.opened("head1");
  story.happens(event::Prepared{"head1", "base", "base", "", {"net/main.tf"}, {}, {}});
  CHECK_FALSE(story.has<action::RunPlan>());
  CHECK(story.has<action::SaySticky>());
}

TEST_CASE("a project that a push no longer touches is discarded") {
  Story story;
  story.ready();
  story.prepared("head2", {"db"});
  CHECK(story.state("net") == "Discarded");
  CHECK(story.state("db") == "Planning");
}

TEST_CASE("an exact plan is applied as it was saved") {
  Story story;
  const PlanId plan = story.ready();
  story.merged({"net"});
  CHECK(story.state("net") == "Verifying");
  story.verified("net");
  REQUIRE(story.state("net") == "Applying");
  CHECK(story.in<phase::Applying>("net").plan == plan);
  CHECK_FALSE(story.in<phase::Applying>("net").replanned);
  story.applied("net");
  CHECK(story.state("net") == "Done");
  CHECK(story.pull.settled);
}

TEST_CASE("a moved base with the same changes is planned again and applied") {
  Story story;
  story.ready();
  story.merged({"net"}, "files:2");
  story.verified("net", "files:2");
  REQUIRE(story.state("net") == "Replanning");
  const PlanId fresh = story.planned("net", "adds");
  REQUIRE(story.state("net") == "Applying");
  CHECK(story.in<phase::Applying>("net").plan == fresh);
  CHECK(story.in<phase::Applying>("net").replanned);
}

TEST_CASE("a moved base with other changes asks, and exactly that plan is confirmed") {
  Story story;
  story.ready();
  story.merged({"net"}, "files:2");
  story.verified("net", "files:2");
  const PlanId fresh = story.planned("net", "adds and destroys");
  REQUIRE(story.state("net") == "AwaitingConfirm");
  CHECK(story.has<action::SayNotice>());
  story.commented("bob", "slipway apply " + fresh);
  CHECK(story.state("net") == "AwaitingConfirm");  // it has not been shown yet
  story.shown();
  story.commented("alice", "slipway apply " + fresh);
  CHECK(story.state("net") == "AwaitingConfirm");  // its author may not
  story.commented("bob", "slipway apply 00000000");
  CHECK(story.state("net") == "AwaitingConfirm");
  story.commented("bob", "slipway apply " + fresh);
  REQUIRE(story.state("net") == "Verifying");
  story.verified("net", "files:2");
  REQUIRE(story.state("net") == "Applying");
  CHECK(story.in<phase::Applying>("net").plan == fresh);
}

TEST_CASE("what was merged while it was being planned asks") {
  Story story;
  story.opened("head1");
  story.prepared("head1", {"net"});
  const RunId planning = story.in<phase::Planning>("net").run;
  story.merged({"net"});
  REQUIRE(story.all<action::Verify>().size() == 1);
  CHECK(story.in<phase::Verifying>("net").trigger.plan.empty());
  story.verified("net");
  CHECK(story.in<phase::Replanning>("net").run != planning);
  story.planned("net", "adds");
  CHECK(story.state("net") == "AwaitingConfirm");
}

TEST_CASE("a plan of another head than the merged one was not what was approved") {
  Story story;
  story.ready();
  story.prepared("head2", {"net"});
  story.pull.pull.head = "head2";
  story.merged({"net"});
  CHECK(story.in<phase::Verifying>("net").trigger.plan.empty());
}

TEST_CASE("a plan that was shown only after the merge asks") {
  Story story;
  story.opened("head1");
  story.prepared("head1", {"net"});
  story.planned("net", "adds");
  const Time merged = story.now;
  story.now += std::chrono::minutes(1);
  story.shown();
  story.pull.pull.merged_at = merged;
  PullRequest seen = story.pull.pull;
  seen.state = PullState::Merged;
  seen.merged_at = merged;
  story.happens(event::Looked{seen, Cause::Webhook});
  event::MergePrepared event{"merge", "base", 1, "tree of head1", {}};
  event.projects = {{{"net", "default", {}}, "files:1", {}, {}}};
  story.happens(event);
  story.verified("net");
  story.planned("net", "adds");
  CHECK(story.state("net") == "AwaitingConfirm");
}

TEST_CASE("a denied plan merged by somebody is not applied, override or not confirmed") {
  Story story;
  story.opened("head1");
  story.prepared("head1", {"net"});
  story.planned("net", "destroys", {denied(PolicyLevel::Overridable)});
  story.shown();
  REQUIRE(story.state("net") == "Blocked");
  story.merged({"net"});
  story.verified("net");
  story.planned("net", "destroys", {denied(PolicyLevel::Overridable)});
  REQUIRE(story.state("net") == "AwaitingConfirm");
  story.shown();
  const PlanId plan = story.in<phase::AwaitingConfirm>("net").plan;
  story.commented("bob", "slipway apply " + plan);
  CHECK(story.state("net") == "AwaitingConfirm");
  story.commented("dba", "slipway approve no-destroy", true, {"@acme/dba"});
  story.commented("bob", "slipway apply " + plan);
  CHECK(story.state("net") == "Verifying");
}

TEST_CASE("an owner overrides a policy, nobody overrides a mandatory one") {
  Story story;
  story.opened("head1");
  story.prepared("head1", {"db", "net"});
  story.planned("net", "destroys", {denied(PolicyLevel::Overridable)});
  story.planned("db", "destroys", {denied(PolicyLevel::Mandatory)});
  story.shown();
  story.commented("bob", "slipway approve no-destroy");
  CHECK(story.state("net") == "Blocked");
  story.commented("dba", "slipway approve no-destroy", true, {"@acme/dba"});
  CHECK(story.state("net") == "Ready");
  CHECK(story.state("db") == "Blocked");
}

TEST_CASE("an empty plan has nothing to apply after the merge") {
  Story story;
  story.ready("nothing");
  REQUIRE(story.state("net") == "NoChanges");
  story.merged({"net"});
  story.verified("net");
  CHECK(story.state("net") == "NoChanges");
  CHECK(story.pull.settled);
}

TEST_CASE("applies of one state go one after the other, in the order of their merges") {
  Story story;
  Change rival;
  rival.id = {{{"github", "acme/infra"}, 9}, {"net", "default", {}}};
  rival.state = phase::Applying{{}, "plan", "run"};
  story.rivals = {rival};
  story.ready();
  story.merged({"net"});
  CHECK(story.state("net") == "Queued");
  CHECK_FALSE(story.has<action::Verify>());
}

TEST_CASE("when an apply ends the next in the queue is verified") {
  Story story;
  story.ready();
  story.merged({"net"});
  story.verified("net");
  Change waiting;
  waiting.id = {{{"github", "acme/infra"}, 13}, {"net", "default", {}}};
  waiting.state = phase::Queued{};
  story.rivals = {waiting};
  story.applied("net");
  REQUIRE(story.all<action::Verify>().size() == 1);
  CHECK(story.all<action::Verify>().front().change == waiting.id);
}

TEST_CASE("a failure half way freezes only that project and shows what is left") {
  Story story;
  story.ready();
  story.merged({"net"});
  story.verified("net");
  const RunId run = story.in<phase::Applying>("net").run;
  story.happens(event::ApplyFailed{story.id("net"), run, "disk full", {}, 1, 3, true, false, false});
  REQUIRE(story.state("net") == "ApplyFailed");
  CHECK(story.has<action::SayIssues>());
  CHECK(story.has<action::RunPlan>());
  const PlanId left = story.planned("net", "adds the rest");
  story.shown();
  CHECK(story.in<phase::ApplyFailed>("net").left == left);
  story.commented("bob", "slipway apply");
  CHECK(story.state("net") == "Verifying");
}

TEST_CASE("what never began is tried three times, under a new run each") {
  Story story;
  story.ready();
  story.merged({"net"});
  story.verified("net");
  for (int attempt = 1; attempt <= 2; ++attempt) {
    const RunId run = story.in<phase::Applying>("net").run;
    story.happens(event::ApplyFailed{story.id("net"), run, "locked", {}, 0, 0, false, false, true});
    REQUIRE(story.state("net") == "Applying");
    CHECK(story.in<phase::Applying>("net").run != run);
  }
  story.happens(event::ApplyFailed{
      story.id("net"), story.in<phase::Applying>("net").run, "locked", {}, 0, 0, false, false, true});
  CHECK(story.state("net") == "ApplyFailed");
}

TEST_CASE("a plan that Terraform calls stale is made again") {
  Story story;
  story.ready();
  story.merged({"net"});
  story.verified("net");
  const RunId run = story.in<phase::Applying>("net").run;
  story.happens(event::ApplyFailed{story.id("net"), run, "stale", {}, 0, 0, false, true, false});
  CHECK(story.state("net") == "Replanning");
}

TEST_CASE("an apply that was lost is never run again by itself") {
  Story story;
  story.ready();
  story.merged({"net"});
  story.verified("net");
  const RunId run = story.in<phase::Applying>("net").run;
  story.happens(event::ApplyLost{story.id("net"), run, {"l", 1}, {"l", 2}});
  REQUIRE(story.state("net") == "Interrupted");
  CHECK_FALSE(story.has<action::RunApply>());
  story.planned("net", "adds the rest");
  CHECK(story.state("net") == "Interrupted");
}

TEST_CASE("a lost apply whose plan is empty afterwards had done everything") {
  Story story;
  story.ready();
  story.merged({"net"});
  story.verified("net");
  story.happens(event::ApplyLost{story.id("net"), story.in<phase::Applying>("net").run, {"l", 1}, {"l", 2}});
  story.planned("net", "nothing");
  CHECK(story.state("net") == "Done");
}

TEST_CASE("a project without a state to keep is planned and never applied") {
  Story story;
  story.opened("head1");
  event::Prepared event{"head1", "base", "base", "tree of head1", {}, {}, {}};
  event.projects = {{{"net", "default", {}}, "files:1", "it declares no backend", {}}};
  story.happens(event);
  story.planned("net", "adds");
  story.shown();
  PullRequest seen = story.pull.pull;
  seen.state = PullState::Merged;
  story.happens(event::Looked{seen, Cause::Webhook});
  event::MergePrepared merge{"merge", "base", 1, "tree of head1", {}};
  merge.projects = event.projects;
  story.happens(merge);
  CHECK(story.state("net") == "Discarded");
  CHECK_FALSE(story.has<action::Verify>());
}

TEST_CASE("with on_comment a merge applies nothing by itself") {
  Story story;
  story.rules.apply = ApplyMode::OnComment;
  const PlanId plan = story.ready();
  story.merged({"net"});
  REQUIRE(story.state("net") == "AwaitingConfirm");
  CHECK(story.in<phase::AwaitingConfirm>("net").plan == plan);
}

TEST_CASE("with on_comment an apply needs what the config requires") {
  Story story;
  story.rules.apply = ApplyMode::OnComment;
  story.rules.requirements = {"approved"};
  story.ready();
  story.commented("bob", "slipway apply");
  CHECK(story.state("net") == "Ready");
  story.pull.pull.reviews = {{"bob", true, "an older head", {}}};
  story.commented("bob", "slipway apply");
  CHECK(story.state("net") == "Ready");
  story.pull.pull.reviews = {{"bob", true, "head1", {}}};
  story.commented("bob", "slipway apply");
  CHECK(story.state("net") == "Verifying");
}

TEST_CASE("somebody without write access gets one polite refusal, and nothing runs") {
  Story story;
  story.ready();
  story.commented("mallory", "slipway plan", false);
  CHECK_FALSE(story.has<action::RunPlan>());
  REQUIRE(story.all<action::SayReply>().size() == 1);
  CHECK(story.all<action::SayReply>().front().key == "refusal:mallory");
}

TEST_CASE("discarded plans are forgotten: a merge plans again and asks") {
  Story story;
  story.ready();
  story.commented("bob", "slipway unlock");
  CHECK(story.state("net") == "Discarded");
  story.merged({"net"});
  story.verified("net");
  story.planned("net", "adds");
  CHECK(story.state("net") == "AwaitingConfirm");
}

TEST_CASE("a pull request that was merged before its repository was seen belongs to the baseline") {
  Story story;
  PullRequest seen = story.pull.pull;
  seen.state = PullState::Merged;
  seen.head = "head1";
  story.happens(event::Looked{seen, Cause::Reconcile});
  REQUIRE(story.has<action::PrepareMerge>());
  event::MergePrepared merge;
  merge.in_baseline = true;
  story.happens(merge);
  CHECK(story.pull.settled);
  CHECK(story.actions.empty());
}

TEST_CASE("what was opened and merged while nobody listened is planned and asks") {
  Story story;
  story.pull.pull.head = {};
  PullRequest seen = story.pull.pull;
  seen.state = PullState::Merged;
  seen.head = "head1";
  story.happens(event::Looked{seen, Cause::Reconcile});
  REQUIRE(story.has<action::PrepareMerge>());
  story.happens(
      event::MergePrepared{"merge", "base", 1, "tree", {{{"net", "default", {}}, "files:1", {}, {}}}});
  story.verified("net");
  story.planned("net", "adds");
  CHECK(story.state("net") == "AwaitingConfirm");
}

TEST_CASE("after a merge, plan makes what waits without a plan try again") {
  Story story;
  story.ready();
  story.merged({"net"});
  story.verified("net", "files:2");
  const RunId run = story.in<phase::Replanning>("net").run;
  story.happens(event::PlanFailed{story.id("net"), run, "the registry is down", {}});
  REQUIRE(story.state("net") == "AwaitingConfirm");
  REQUIRE(story.in<phase::AwaitingConfirm>("net").plan.empty());
  story.commented("bob", "slipway apply");
  CHECK(story.state("net") == "AwaitingConfirm");
  story.commented("bob", "slipway plan");
  CHECK(story.state("net") == "Verifying");
}

TEST_CASE("whom a project waits for goes with its change, before the merge and after it") {
  Story story;
  story.opened("head1");
  event::Prepared prepared{"head1", "base", "base", "tree of head1", {}, {}, {}};
  prepared.projects.push_back({{"web", "default", {}}, "files:1", {}, {}, {{"net", "default", {}}}});
  story.happens(prepared);
  CHECK(story.change("web").depends_on == std::vector<ProjectId>{{"net", "default", {}}});
  story.planned("web", "adds");
  story.shown();
  PullRequest merged = story.pull.pull;
  merged.state = PullState::Merged;
  story.happens(event::Looked{merged, Cause::Webhook});
  event::MergePrepared of_merge{"merge", "base", 1, "tree of head1", {}};
  of_merge.projects.push_back({{"web", "default", {}}, "files:1", {}, {}, {{"dns", "default", {}}}});
  story.happens(of_merge);
  CHECK(story.change("web").depends_on == std::vector<ProjectId>{{"dns", "default", {}}});
}
