#include "tests/bot/change/story.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::change;

namespace {

/// Merged, and its apply ends like this.
void failed(Story& story, const UnwrittenState& unwritten, const LockHolder& locked_by = {}) {
  story.ready();
  story.merged({"net"});
  story.verified("net");
  event::ApplyFailed event{story.id("net"),
                           story.in<phase::Applying>("net").run,
                           "no",
                           {},
                           1,
                           2,
                           locked_by.id.empty(),
                           false,
                           false,
                           unwritten,
                           locked_by};
  story.happens(event);
  REQUIRE(story.state("net") == "ApplyFailed");
}

const UnwrittenState kLeft{"blob", {}, false, {}};
const LockHolder kBob{"9dc5", "bob@laptop", "OperationTypeApply", "noon"};

}  // namespace

TEST_CASE("a state that could not be written is pushed back before what is left is planned") {
  Story story;
  failed(story, kLeft);
  CHECK_FALSE(story.has<action::RunPlan>());
  REQUIRE(story.all<action::PushState>().size() == 1);
  CHECK(story.all<action::PushState>().front().blob == "blob");
  SECTION("it was pushed") {
    story.happens(event::StatePushed{story.id("net"), "blob", {}});
    CHECK(story.in<phase::ApplyFailed>("net").unwritten.written);
    CHECK(story.has<action::RunPlan>());
    story.happens(event::StatePushed{story.id("net"), "blob", {}});
    CHECK(story.actions.empty());
    story.planned("net", "nothing");
    CHECK(story.state("net") == "Done");
    CHECK(story.has<action::SayNotice>());
  }
  SECTION("it was pushed, and something is left to do") {
    story.happens(event::StatePushed{story.id("net"), "blob", {}});
    const PlanId left = story.planned("net", "adds the rest");
    REQUIRE(story.state("net") == "ApplyFailed");
    CHECK(story.in<phase::ApplyFailed>("net").left == left);
  }
  SECTION("it can't be, until a person pushes it or has the job done again") {
    story.happens(event::StatePushed{story.id("net"), "blob", "its lineage is another"});
    CHECK(story.in<phase::ApplyFailed>("net").unwritten.refusal == "its lineage is another");
    CHECK_FALSE(story.has<action::RunPlan>());
    CHECK(story.has<action::SaySticky>());
    story.happens(event::StatePushed{story.id("net"), "blob", {}});
    CHECK(story.in<phase::ApplyFailed>("net").unwritten.refusal.empty());
    CHECK(story.has<action::RunPlan>());
  }
}

TEST_CASE("what another apply left changes nothing") {
  Story story;
  failed(story, kLeft);
  story.happens(event::StatePushed{story.id("net"), "another blob", {}});
  CHECK_FALSE(story.in<phase::ApplyFailed>("net").unwritten.written);
  CHECK(story.actions.empty());
}

TEST_CASE("only a person's word releases somebody's lock, by its id") {
  Story story;
  failed(story, {}, kBob);
  CHECK(story.in<phase::ApplyFailed>("net").locked_by == kBob);
  story.commented("mallory", "slipway unlock --force 9dc5", false);
  CHECK_FALSE(story.has<action::ReleaseLock>());
  for (const char* wrong : {"slipway unlock --force", "slipway unlock 9dc5", "slipway unlock --force \"a b\"",
                            "slipway unlock --force another"}) {
    story.commented("alice", wrong);
    CHECK_FALSE(story.has<action::ReleaseLock>());
    CHECK(story.has<action::SayReply>());
  }
  story.commented("alice", "slipway unlock --force 9dc5");
  REQUIRE(story.all<action::ReleaseLock>().size() == 1);
  const LockOrder order = story.all<action::ReleaseLock>().front().order;
  CHECK(order.lock == "9dc5");
  CHECK(order.by == "alice");
  SECTION("it was released") {
    story.happens(event::LockReleased{story.id("net"), order, {}});
    CHECK(story.in<phase::ApplyFailed>("net").locked_by == LockHolder());
    CHECK(story.has<action::Record>());
  }
  SECTION("it was not") {
    story.happens(event::LockReleased{story.id("net"), order, "there is no such lock"});
    CHECK(story.in<phase::ApplyFailed>("net").locked_by == kBob);
    REQUIRE(story.all<action::SayReply>().size() == 1);
    CHECK(story.all<action::SayReply>().front().text.find("there is no such lock") != std::string::npos);
  }
}

TEST_CASE("a state that a lock kept from being pushed is pushed when the lock is released") {
  Story story;
  failed(story, kLeft);
  story.happens(event::StatePushed{story.id("net"), "blob", "the state is locked by bob"});
  story.happens(event::LockReleased{story.id("net"), {"9dc5", "alice", 7}, {}});
  CHECK(story.has<action::PushState>());
  CHECK(story.in<phase::ApplyFailed>("net").unwritten.refusal.empty());
}

TEST_CASE("of several projects the one is meant whose apply the lock refused, or the one that is named") {
  Story story;
  story.opened("head1");
  story.prepared("head1", {"db", "net"});
  story.commented("alice", "slipway unlock --force 9dc5");
  CHECK_FALSE(story.has<action::ReleaseLock>());
  story.commented("alice", "slipway unlock --force 9dc5 -d net");
  REQUIRE(story.all<action::ReleaseLock>().size() == 1);
  CHECK(story.all<action::ReleaseLock>().front().change == story.id("net"));
}
