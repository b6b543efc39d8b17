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
  story.ready();
  story.commented("bob", "slipway apply");
  story.verified("net");
  story.applied("net");
  REQUIRE(story.state("net") == "Done");
  story.pull.pull.head = "head2";
  story.merged({"net"});
  CHECK(story.state("net") != "Done");
}

TEST_CASE("who may not confirm is told why: what they wrote, or what they pushed") {
  const auto refusal = [](bool pushed, const std::string& person) {
    Story story;
    if (pushed) story.pull.pull.id = push_id({"github", "acme/infra"}, "c0ffee");
    story.ready();
    story.merged({"net"}, "files:2");
    story.verified("net", "files:2");
    const PlanId fresh = story.planned("net", "adds and destroys");
    story.shown();
    story.commented(person, "slipway apply " + fresh);
    const auto replies = story.all<action::SayReply>();
    return replies.empty() ? "" : replies.front().text;
  };
  const std::string of_pull =
      "Not confirmed: the author of a pull request can't confirm what nobody reviewed (`confirm: "
      "not_author`).";
  const std::string of_push =
      "Not confirmed: who wrote or committed what was pushed can't confirm it (`confirm: not_author`).";
  CHECK(refusal(false, "alice") == of_pull);
  CHECK(refusal(false, "bob").empty());
  CHECK(refusal(true, "alice") == of_push);
  CHECK(refusal(true, "bob") == of_push);
  CHECK(refusal(true, "carol").empty());
}
