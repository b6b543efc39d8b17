#include "bot/change/commanded.h"

#include "bot/commands/grammar.h"
#include "tests/bot/change/story.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::change;

namespace {

Story ready(const std::vector<Verdict>& verdicts = {}) {
  Story story;
  story.opened("head1");
  story.prepared("head1", {"net"});
  story.planned("net", "add a", verdicts);
  return story;
}

event::Commanded help(const Story& story) {
  const auto asked = commands::parse_comment("slipway help", {"slipway"});
  event::Commanded event;
  event.now = story.pull.pull;
  event.comment = {7, "bob", "slipway help", story.now};
  event.call = (*asked)->call;
  event.step = (*asked)->kind->step;
  event.for_everybody = true;
  return event;
}

}  // namespace

TEST_CASE("a command that sees a merge first leaves it to a look") {
  Story story = ready();
  story.shown();
  event::Commanded event = help(story);
  event.now.state = PullState::Merged;
  story.happens(event);
  CHECK(story.has<action::Look>());
  CHECK(story.pull.pull.state == PullState::Open);
  story.merged({"net"});
  CHECK(story.state("net") == "Verifying");
}

TEST_CASE("a command that sees nothing new asks for no look") {
  Story story = ready();
  story.happens(help(story));
  CHECK_FALSE(story.has<action::Look>());
}

TEST_CASE("a plan that was not shown when an owner wrote can't be what the owner approved") {
  Story story =
      ready({{"no-destroy", PolicyLevel::Overridable, PolicyOutcome::Deny, {"no"}, {"@acme/dba"}, {}}});
  story.commented("bob", "slipway approve no-destroy", true, {"@acme/dba"});
  CHECK(story.state("net") == "Blocked");
  story.shown();
  story.commented("bob", "slipway approve no-destroy", true, {"@acme/dba"});
  CHECK(story.state("net") == "Ready");
}

TEST_CASE("what was applied before another push is not what was merged") {
  Story story;
  story.rules.apply = ApplyMode::OnComment;
  story.opened("head1");
  story.prepared("head1", {"net"});
  story.planned("net", "add a");
  story.shown();
  story.commented("bob", "slipway apply");
  story.verified("net");
  story.applied("net");
  REQUIRE(story.state("net") == "Done");
  story.pull.pull.head = "head2";
  story.merged({"net"});
  CHECK(story.state("net") != "Done");
}
