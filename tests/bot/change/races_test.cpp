#include "tests/bot/change/story.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::change;

TEST_CASE("a commit that came after the comment is not let in by it") {
  Story story;
  story.pull.pull.from_fork = true;
  story.opened("head1");
  story.now += std::chrono::minutes(1);
  story.write_at = story.now;
  story.now += std::chrono::minutes(1);
  story.opened("head2");
  story.commented("bob", "slipway plan");
  CHECK_FALSE(story.has<action::Prepare>());
  CHECK(story.has<action::SayReply>());
  story.write_at = story.now;
  story.commented("bob", "slipway plan");
  REQUIRE(story.has<action::Prepare>());
  SECTION("nor is one that was pushed before it could be fetched") {
    story.prepared("head3", {"net"});
    CHECK(story.changes.empty());
    CHECK(story.has<action::Look>());
  }
}

TEST_CASE("a comment may be about a commit of its own second: the forge tells no shorter times") {
  Story story;
  story.pull.pull.from_fork = true;
  story.write_at = story.now - std::chrono::milliseconds(900);
  story.opened("head1");
  story.commented("bob", "slipway plan");
  CHECK(story.has<action::Prepare>());
}

TEST_CASE("a command that finds another head has it looked at, which no webhook may have told") {
  Story story;
  story.ready();
  PullRequest pushed = story.pull.pull;
  pushed.head = "head2";
  story.commented_on(pushed, "bob", "slipway help");
  REQUIRE(story.has<action::Look>());
  story.happens(event::Looked{pushed, Cause::Reconcile});
  CHECK(story.has<action::Prepare>());
}

TEST_CASE("what was closed, and reopened and merged unheard, is applied") {
  Story story;
  story.ready();
  PullRequest seen = story.pull.pull;
  seen.state = PullState::Closed;
  story.happens(event::Looked{seen, Cause::Webhook});
  REQUIRE(story.pull.settled);
  seen.state = PullState::Merged;
  story.happens(event::Looked{seen, Cause::Webhook});
  CHECK(story.has<action::PrepareMerge>());
}

TEST_CASE("after the merge no conflict of before is spoken of, and the merged head is what it is about") {
  Story story;
  story.ready();
  story.opened("head2");
  story.happens(event::Prepared{"head2", "base", "base", {}, {"net/main.tf"}, {}, {}});
  REQUIRE_FALSE(story.pull.conflicts.empty());
  story.opened("head3");
  story.merged({"net"});
  CHECK(story.pull.conflicts.empty());
  CHECK(story.pull.planned_head == "head3");
}

TEST_CASE("with on_comment a merge approves nothing, also not for what is applied together with it") {
  Story story;
  story.rules.apply = ApplyMode::OnComment;
  story.ready();
  story.merged({"net"});
  REQUIRE(story.state("net") == "AwaitingConfirm");
  const phase::Trigger& trigger = story.in<phase::AwaitingConfirm>("net").trigger;
  CHECK(Gate::lacking({trigger, &story.plans.at(trigger.plan)}) == "it was merged before it was applied");
}

TEST_CASE("what was pushed and merged while a comment's apply went on is applied after it") {
  Story story;
  story.rules.apply = ApplyMode::OnComment;
  story.ready();
  story.commented("bob", "slipway apply");
  story.verified("net");
  REQUIRE(story.state("net") == "Applying");
  PullRequest merged = story.pull.pull;
  merged.head = "head2";
  story.pull.pull = merged;
  story.merged({"net"});
  REQUIRE(story.state("net") == "Applying");
  story.applied("net");
  CHECK(story.has<action::PrepareMerge>());
}

TEST_CASE("nothing of what was closed is applied, whoever asks") {
  Story story;
  story.rules.apply = ApplyMode::OnComment;
  story.ready();
  PullRequest closed = story.pull.pull;
  closed.state = PullState::Closed;
  story.commented_on(closed, "bob", "slipway apply");
  CHECK(story.state("net") == "Ready");
  CHECK(story.has<action::SayReply>());
}

TEST_CASE("what a merge leaves as it was is nothing to do, and says so") {
  Story story;
  story.ready();
  story.merged({});
  REQUIRE(story.state("net") == "Discarded");
  CHECK(story.in<phase::Discarded>("net").untouched);
}
