#include "bot/change/queue.h"

#include "tests/bot/change/story.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::change;

namespace {

phase::Trigger merged_as(std::int64_t order, const PlanId& plan = {}) {
  phase::Trigger trigger;
  trigger.order = order;
  trigger.commit = "merge " + std::to_string(order);
  trigger.at = from_millis(1'000'000);
  trigger.actor = "carol";
  trigger.plan = plan;
  return trigger;
}

/// Another pull request's change of the same project.
Change rival(Story& story, std::int64_t number, const std::string& dir, ChangeState state) {
  Change change;
  change.id = story.id(dir);
  change.id.pull.number = number;
  change.state = std::move(state);
  return change;
}

/// A plan of a rival that was shown in time.
void shown_plan(Story& story, const PlanId& id, const std::vector<std::string>& changes) {
  PlanRecord record;
  record.id = id;
  record.change_digests = changes;
  record.counts.create = changes.size();
  record.shown_at = from_millis(900'000);
  story.plans[id] = record;
}

PlanRecord doing(const std::vector<std::string>& changes) {
  PlanRecord record;
  record.change_digests = changes;
  record.counts.create = changes.size();
  return record;
}

Story merged(const std::vector<std::string>& dirs) {
  Story story;
  story.opened("head");
  story.prepared("head", dirs);
  for (const std::string& dir : dirs) story.planned(dir, "add " + dir);
  story.shown();
  story.merged(dirs);
  return story;
}

/// Merged as the fourth, where another pull request was merged as the ninth and heard of before.
Story heard_late(const ChangeState& later) {
  Story story;
  story.opened("head");
  story.prepared("head", {"net"});
  story.planned("net", "add a");
  story.shown();
  shown_plan(story, "theirs", {"add b"});
  shown_plan(story, "both", {"add a", "add b"});
  story.rivals = {rival(story, 19, "net", later)};
  story.merge_order = 4;
  story.merged({"net"});
  return story;
}

template <class State>
const State& in(const Change& change) {
  return std::get<State>(change.state);
}

std::string state(const Change& change) { return std::string(name_of(change.state)); }

}  // namespace

TEST_CASE("merges that wait for one state are one apply: the newest leads and the others join it") {
  Story story = merged({"net"});
  story.verified("net");
  REQUIRE(story.state("net") == "Applying");
  story.rivals = {rival(story, 14, "net", phase::Queued{merged_as(3)}),
                  rival(story, 13, "net", phase::Queued{merged_as(2)})};
  story.applied("net");
  CHECK(state(story.rivals[0]) == "Verifying");
  REQUIRE(state(story.rivals[1]) == "Joined");
  CHECK(in<phase::Joined>(story.rivals[1]).lead == story.rivals[0].id);
  REQUIRE(story.all<action::Verify>().size() == 1);
  CHECK(story.all<action::Verify>()[0].change == story.rivals[0].id);
}

TEST_CASE("what joined is approved by what it showed itself, and hears the result") {
  Story story;
  story.merge_order = 5;
  story.opened("head");
  story.prepared("head", {"net"});
  story.planned("net", "add a");
  story.shown();
  shown_plan(story, "theirs", {"add b"});
  story.rivals = {rival(story, 11, "net", phase::AwaitingConfirm{merged_as(2, "theirs"), {}, {}, "why"})};
  story.merged({"net"});
  REQUIRE(state(story.rivals[0]) == "Joined");
  story.verified("net", "files:both");
  story.planned("net", doing({"add a", "add b"}));
  REQUIRE(story.state("net") == "Applying");
  story.applied("net");
  CHECK(story.state("net") == "Done");
  REQUIRE(state(story.rivals[0]) == "Done");
  CHECK(in<phase::Done>(story.rivals[0]).applied.trigger.order == 2);
  CHECK(story.all<action::SayNotice>().size() == 2);
  REQUIRE(story.has<action::Look>());
  CHECK(story.all<action::Look>()[0].pull.number == 11);
}

TEST_CASE("a change that none of the joined showed asks") {
  Story story = merged({"net"});
  shown_plan(story, "theirs", {"add b"});
  story.rivals = {rival(story, 11, "net", phase::Joined{merged_as(0, "theirs"), story.id("net")})};
  story.verified("net", "files:both");
  story.planned("net", doing({"add net", "add b", "destroy c"}));
  CHECK(story.state("net") == "AwaitingConfirm");
  CHECK(state(story.rivals[0]) == "Joined");
}

TEST_CASE("with nothing to do for the lead there is nothing to do for those that joined") {
  Story story = merged({"net"});
  story.rivals = {rival(story, 11, "net", phase::Joined{merged_as(0), story.id("net")})};
  story.verified("net", "files:both");
  story.planned("net", "nothing");
  CHECK(story.state("net") == "NoChanges");
  REQUIRE(state(story.rivals[0]) == "NoChanges");
  CHECK(in<phase::NoChanges>(story.rivals[0]).trigger.commit == "merge 0");
}

TEST_CASE("a merge after a failed apply goes on with what was left") {
  Story story;
  story.merge_order = 7;
  story.opened("head");
  story.prepared("head", {"net"});
  story.planned("net", "add a");
  story.shown();
  phase::ApplyFailed failed;
  failed.trigger = merged_as(6, "theirs");
  story.rivals = {rival(story, 11, "net", failed)};
  story.merged({"net"});
  CHECK(story.state("net") == "Verifying");
  CHECK(state(story.rivals[0]) == "Joined");
}

TEST_CASE("when the lead is discarded those that joined wait on their own again") {
  Story story = merged({"net"});
  story.rivals = {rival(story, 11, "net", phase::Joined{merged_as(0), story.id("net")})};
  story.verified("net", "files:both");
  story.planned("net", doing({"another"}));
  REQUIRE(story.state("net") == "AwaitingConfirm");
  story.commented("bob", "slipway discard");
  CHECK(story.state("net") == "Discarded");
  CHECK(state(story.rivals[0]) == "Verifying");
}

TEST_CASE("an older merge that is heard of late never takes a newer one back") {
  Story story;
  story.opened("head");
  story.prepared("head", {"net"});
  story.planned("net", "add a");
  story.shown();
  story.newest_through[state_key(story.id("net")).text()] = merged_as(9);
  story.merge_order = 4;
  story.merged({"net"});
  CHECK(story.in<phase::Verifying>("net").trigger.commit == "merge 9");
}

TEST_CASE("a later merge that asked because of an older one is compared anew when that is heard of") {
  Story story = heard_late(phase::AwaitingConfirm{merged_as(9, "theirs"), "both", "theirs", "it differs"});
  CHECK(state(story.rivals[0]) == "Verifying");
  REQUIRE(story.state("net") == "Joined");
  CHECK(story.in<phase::Joined>("net").lead == story.rivals[0].id);
  REQUIRE(story.all<action::Verify>().size() == 1);
  CHECK(story.all<action::Verify>()[0].change == story.rivals[0].id);
}

TEST_CASE("an older merge joins a later one that goes on, and is told its result") {
  Story story = heard_late(phase::Replanning{merged_as(9, "theirs"), "run"});
  CHECK(state(story.rivals[0]) == "Replanning");
  REQUIRE(story.state("net") == "Joined");
  CHECK_FALSE(story.has<action::Verify>());
}

TEST_CASE("an older merge waits with a later one whose apply failed") {
  phase::ApplyFailed failed;
  failed.trigger = merged_as(9, "theirs");
  const Story story = heard_late(failed);
  CHECK(state(story.rivals[0]) == "ApplyFailed");
  CHECK(story.state("net") == "Joined");
}

TEST_CASE("what somebody confirmed goes before a later merge that asks, which is compared anew after it") {
  Story story;
  story.rules.apply = ApplyMode::OnComment;
  story.opened("head");
  story.prepared("head", {"net"});
  const PlanId plan = story.planned("net", "add a");
  story.shown();
  story.merged({"net"});
  REQUIRE(story.state("net") == "AwaitingConfirm");
  shown_plan(story, "theirs", {"add b"});
  shown_plan(story, "both", {"add a", "add b"});
  story.rivals = {rival(story, 19, "net",
                        phase::AwaitingConfirm{merged_as(9, "theirs"), "both", "theirs", "it differs"})};
  SECTION("one that only differs") {
    story.commented("bob", "slipway apply " + plan);
    REQUIRE(story.state("net") == "Verifying");
    CHECK(state(story.rivals[0]) == "AwaitingConfirm");
    story.verified("net");
    story.applied("net");
    CHECK(story.state("net") == "Done");
    CHECK(state(story.rivals[0]) == "Verifying");
  }
  SECTION("one that lacks what a person must give stays as it is") {
    std::get<phase::AwaitingConfirm>(story.rivals[0].state).trigger.lacks =
        "it was merged without an approval";
    story.commented("bob", "slipway apply " + plan);
    story.verified("net");
    story.applied("net");
    CHECK(state(story.rivals[0]) == "AwaitingConfirm");
  }
}

TEST_CASE("a comment's apply goes alone: its pull request is not merged") {
  Story story = merged({"net"});
  story.verified("net");
  phase::Trigger comment = merged_as(0);
  comment.merge = false;
  story.rivals = {rival(story, 13, "net", phase::Queued{merged_as(2)}),
                  rival(story, 14, "net", phase::Queued{comment})};
  story.applied("net");
  CHECK(state(story.rivals[0]) == "Queued");
  CHECK(state(story.rivals[1]) == "Verifying");
}

TEST_CASE("a project waits for what it depends on, within a pull request") {
  Story story;
  story.depends_on["app"] = {"net"};
  story.opened("head");
  story.prepared("head", {"app", "net"});
  story.planned("app", "add app");
  story.planned("net", "add net");
  story.shown();
  story.merged({"app", "net"});
  CHECK(story.state("net") == "Verifying");
  CHECK(story.state("app") == "Queued");
  story.verified("net");
  CHECK(story.state("app") == "Queued");
  story.applied("net");
  CHECK(story.state("app") == "Verifying");
}

TEST_CASE("a failed project holds its dependents and nobody else") {
  Story story;
  story.depends_on["app"] = {"net"};
  story.opened("head");
  story.prepared("head", {"app", "net", "other"});
  for (const char* dir : {"app", "net", "other"}) story.planned(dir, "add");
  story.shown();
  story.merged({"app", "net", "other"});
  CHECK(story.state("other") == "Verifying");
  story.verified("net");
  event::ApplyFailed failed;
  failed.change = story.id("net");
  failed.run = story.in<phase::Applying>("net").run;
  failed.began = true;
  story.happens(failed);
  CHECK(story.state("net") == "ApplyFailed");
  CHECK(story.state("app") == "Queued");
}

TEST_CASE("a project waits for an earlier merge of what it depends on, not for a later one") {
  Story story;
  story.depends_on["app"] = {"net"};
  story.merge_order = 5;
  story.opened("head");
  story.prepared("head", {"app"});
  story.planned("app", "add app");
  story.shown();
  story.rivals = {rival(story, 11, "net", phase::AwaitingConfirm{merged_as(6), {}, {}, "why"})};
  story.merged({"app"});
  CHECK(story.state("app") == "Verifying");

  Story later = story;
  later.changes.clear();
  later.pull.pull.state = PullState::Open;
  later.rivals = {rival(story, 11, "net", phase::AwaitingConfirm{merged_as(4), {}, {}, "why"})};
  later.merged({"app"});
  CHECK(later.state("app") == "Queued");
}

TEST_CASE("a comment that asks for a project before what it depends on is refused") {
  Story story;
  story.rules.apply = ApplyMode::OnComment;
  story.depends_on["app"] = {"net"};
  story.opened("head");
  story.prepared("head", {"app", "net"});
  story.planned("app", "add app");
  story.planned("net", "add net");
  story.shown();
  story.commented("bob", "slipway apply -d app");
  CHECK(story.state("app") == "Ready");
  CHECK(story.all<action::SayReply>().at(0).text.find("depends on `net`") != std::string::npos);
  story.commented("bob", "slipway apply");
  CHECK(story.state("net") == "Verifying");
  CHECK(story.state("app") == "Queued");
}

TEST_CASE("where reviews count, a destroy that came after the approval asks") {
  Story story;
  story.rules.requirements = {"approved"};
  story.opened("head");
  story.prepared("head", {"net"});
  story.planned("net", "add a");
  story.shown();
  story.now += std::chrono::minutes(5);
  story.pull.pull.reviews = {{"bob", true, "head", story.now}};
  story.now += std::chrono::minutes(5);
  story.happens(event::WentStale{story.id("net")});
  PlanRecord destroying = doing({"add a", "destroy b"});
  destroying.destroys = {"b"};
  story.planned("net", destroying);
  story.shown();
  story.now += std::chrono::minutes(5);
  story.merged({"net"});
  CHECK(story.in<phase::Verifying>("net").trigger.lacks.find("`b` is destroyed") == 0);
  story.verified("net");
  CHECK(story.state("net") == "Replanning");
}

TEST_CASE("a merge that a rewritten base does not hold is planned on what it holds now, and asked about") {
  Story story;
  story.ready();
  story.merged({"net"});
  CHECK(story.state("net") == "Verifying");
  story.happens(event::BaseRewritten{"rewritten", 100, {story.id("net").project}});
  CHECK(story.state("net") == "Verifying");
  const phase::Trigger& trigger = story.in<phase::Verifying>("net").trigger;
  CHECK(trigger.commit == "rewritten");
  CHECK(trigger.order == 100);
  CHECK(trigger.plan.empty());

  // What was found out about the commit that is gone does not count.
  event::Verified late{story.id("net"), {}, "base", "merge"};
  story.happens(late);
  CHECK(story.state("net") == "Verifying");
  CHECK(story.has<action::Verify>());

  story.verified("net");
  story.planned("net", "adds");
  CHECK(story.in<phase::AwaitingConfirm>("net").why == "`main` was rewritten after it was merged");
}

TEST_CASE("what is being applied goes on though its base is rewritten") {
  Story story;
  story.ready();
  story.merged({"net"});
  story.verified("net");
  REQUIRE(story.state("net") == "Applying");
  story.happens(event::BaseRewritten{"rewritten", 100, {story.id("net").project}});
  CHECK(story.state("net") == "Applying");
}
