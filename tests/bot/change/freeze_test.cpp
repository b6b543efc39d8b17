#include "bot/change/queue.h"
#include "tests/bot/change/story.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::change;

namespace {

const Time kBegun = from_millis(900'000);

Freeze frozen(std::optional<Time> until = {}) {
  return {{{"github", "acme/infra"}}, "the year is being closed", "bob", false, kBegun, until};
}

/// Planned and shown.
Story planned() {
  Story story;
  story.ready("add net");
  return story;
}

Story merged_while_frozen() {
  Story story = planned();
  story.withheld = frozen();
  story.merged({"net"});
  return story;
}

std::string answer(const Story& story) {
  const auto replies = story.all<action::SayReply>();
  return replies.empty() ? "" : replies.front().text;
}

const std::string kWhy = "it is frozen by `bob` since Jan 1, 00:15 UTC: the year is being closed";

}  // namespace

TEST_CASE("what is merged during a freeze waits in its queue and goes on when it ends") {
  Story story = merged_while_frozen();
  CHECK(story.state("net") == "Queued");
  CHECK_FALSE(story.has<action::Verify>());
  CHECK(story.has<action::SaySticky>());
  CHECK(story.has<action::SetStatuses>());
  CHECK_FALSE(story.has<action::AdvanceAt>());  // nobody knows when

  story.happens(event::MayAdvance{story.id("net")});
  CHECK(story.state("net") == "Queued");

  story.withheld.reset();
  story.happens(event::MayAdvance{story.id("net")});
  CHECK(story.state("net") == "Verifying");
  story.verified("net");
  CHECK(story.state("net") == "Applying");
}

TEST_CASE("what moved during a freeze is compared anew when it ends") {
  Story story = merged_while_frozen();
  story.withheld.reset();
  story.happens(event::MayAdvance{story.id("net")});
  story.verified("net", "files:2");
  CHECK(story.state("net") == "Replanning");
  story.planned("net", "destroy net");
  CHECK(story.state("net") == "AwaitingConfirm");
}

TEST_CASE("what waits for a window is looked at again when it opens") {
  Story story = planned();
  const Time opens = story.now + std::chrono::hours(3);
  story.withheld = WindowClosed{opens, "Mon Nov 23, 09:00 (Europe/Berlin)"};
  story.merged({"net"});
  CHECK(story.state("net") == "Queued");
  const auto later = story.all<action::AdvanceAt>();
  REQUIRE(later.size() == 1);
  CHECK(later[0].at == opens);
  CHECK(later[0].change == story.id("net"));
}

TEST_CASE("a freeze withholds no plan, and no merge that needs nothing") {
  Story story;
  story.withheld = frozen();
  story.opened("head");
  story.prepared("head", {"net", "lab"});
  CHECK(story.all<action::RunPlan>().size() == 2);
  story.planned("net", "nothing");
  story.planned("lab", "add lab");
  story.shown();
  CHECK(story.state("net") == "NoChanges");
  CHECK(story.state("lab") == "Ready");
}

TEST_CASE("a freeze that begins while a plan is compared holds back its apply") {
  Story story = planned();
  story.merged({"net"});
  REQUIRE(story.state("net") == "Verifying");
  story.withheld = frozen();
  story.verified("net");
  CHECK(story.state("net") == "Queued");
  CHECK_FALSE(story.has<action::RunApply>());
  CHECK(story.has<action::SetStatuses>());
  const auto records = story.all<action::Record>();
  REQUIRE(records.size() == 1);
  CHECK(records[0].what == "apply.held_back");
  CHECK(records[0].detail == kWhy);
}

TEST_CASE(
    "a freeze that begins while it is planned again holds back its apply, and what differs asks at once") {
  Story story = planned();
  story.merged({"net"});
  story.verified("net", "files:2");
  REQUIRE(story.state("net") == "Replanning");
  story.withheld = frozen();
  SECTION("the same changes") {
    story.planned("net", "add net");
    CHECK(story.state("net") == "Queued");
    CHECK_FALSE(story.has<action::RunApply>());
  }
  SECTION("others") {
    story.planned("net", "destroy net");
    CHECK(story.state("net") == "AwaitingConfirm");
  }
}

TEST_CASE("an apply that waits for a worker is held back, and one that runs goes on") {
  Story story = planned();
  story.merged({"net"});
  story.verified("net");
  const RunId run = story.in<phase::Applying>("net").run;
  story.withheld = frozen();

  SECTION("nothing of it began") {
    story.happens(event::ApplyHeldBack{story.id("net"), run});
    CHECK(story.state("net") == "Queued");
  }
  SECTION("the freeze ended before that was written down") {
    story.withheld.reset();
    story.happens(event::ApplyHeldBack{story.id("net"), run});
    CHECK(story.state("net") == "Applying");
    const auto again = story.all<action::RunApply>();
    REQUIRE(again.size() == 1);
    CHECK(again[0].run == run);
  }
  SECTION("another run of it") {
    story.happens(event::ApplyHeldBack{story.id("net"), "another"});
    CHECK(story.state("net") == "Applying");
  }
  SECTION("it runs") {
    story.applied("net");
    CHECK(story.state("net") == "Done");
  }
}

TEST_CASE("merges that waited out a freeze are one apply, the newest first") {
  Story story = planned();
  Change earlier;
  earlier.id = story.id("net");
  earlier.id.pull.number = 11;
  phase::Trigger trigger;
  trigger.commit = "merge 0";
  earlier.state = phase::Queued{trigger};
  story.rivals = {earlier};
  story.merge_order = 2;
  story.withheld = frozen();
  story.merged({"net"});
  CHECK(story.state("net") == "Queued");
  CHECK(name_of(story.rivals[0].state) == "Queued");

  story.withheld.reset();
  story.happens(event::MayAdvance{story.rivals[0].id});
  CHECK(story.state("net") == "Verifying");
  CHECK(name_of(story.rivals[0].state) == "Joined");

  // Frozen again: each waits with words of its own.
  story.withheld = frozen();
  story.verified("net");
  CHECK(story.state("net") == "Queued");
  CHECK(name_of(story.rivals[0].state) == "Queued");
}

TEST_CASE("a confirmation during a freeze is taken, answered, and waits") {
  Story story = planned();
  story.merged({"net"});
  story.verified("net", "files:2");
  const PlanId fresh = story.planned("net", "add another");
  story.shown();
  REQUIRE(story.state("net") == "AwaitingConfirm");
  story.withheld = frozen();
  story.commented("bob", "slipway apply " + fresh);
  CHECK(story.state("net") == "Queued");
  CHECK(answer(story) == "Taken, and it waits. It goes on by itself:\n\n- `net`: " + kWhy);

  story.commented("bob", "slipway apply");
  CHECK(answer(story).find("- `net`: " + kWhy + ". It goes on by itself") != std::string::npos);
  CHECK(story.state("net") == "Queued");
}

TEST_CASE("an apply by comment during a freeze is taken and waits, until a push takes it back") {
  Story story;
  story.rules.apply = ApplyMode::OnComment;
  story.ready("add net");
  story.withheld = frozen();
  story.commented("bob", "slipway apply");
  CHECK(story.state("net") == "Queued");
  CHECK(answer(story) == "Taken, and it waits. It goes on by itself:\n\n- `net`: " + kWhy);

  story.prepared("head1", {"net"}, "files:2");
  CHECK(story.state("net") == "Queued");
  story.prepared("head 2", {"net"}, "files:2");
  CHECK(story.state("net") == "Planning");
}

TEST_CASE("a person freezes a repository or a project, with a reason") {
  Story story = planned();
  story.commented("bob", "slipway freeze the year is being closed");
  auto begun = story.all<action::Freeze>();
  REQUIRE(begun.size() == 1);
  CHECK(begun[0].freeze.scope == FreezeScope{{"github", "acme/infra"}});
  CHECK(begun[0].freeze.reason == "the year is being closed");
  CHECK(begun[0].freeze.by == "bob");
  CHECK_FALSE(begun[0].freeze.until);
  CHECK_FALSE(begun[0].freeze.by_operator);
  CHECK(answer(story).find("`github/acme/infra` is frozen: no apply of it begins") == 0);

  story.commented("bob", "slipway freeze -d net --for 3d moved by hand");
  begun = story.all<action::Freeze>();
  REQUIRE(begun.size() == 1);
  CHECK(begun[0].freeze.scope.dir == "net");
  CHECK(begun[0].freeze.until == story.now + std::chrono::hours(72));

  story.commented("bob", "slipway freeze");
  CHECK_FALSE(story.has<action::Freeze>());
  CHECK(answer(story).find("Say why") == 0);

  story.commented("mallory", "slipway freeze because I can", false);
  CHECK_FALSE(story.has<action::Freeze>());
}

TEST_CASE("a freeze that is changed began when it began") {
  Story story = planned();
  story.freezes = {frozen()};
  story.commented("alice", "slipway freeze --for 1h almost done");
  const auto begun = story.all<action::Freeze>();
  REQUIRE(begun.size() == 1);
  CHECK(begun[0].freeze.since == kBegun);
  CHECK(begun[0].freeze.by == "alice");
}

TEST_CASE("a thaw ends the freeze of the same scope, and names what is still frozen") {
  Story story = planned();
  Freeze everything = frozen();
  everything.scope = {};
  everything.by = "root";
  everything.by_operator = true;
  story.freezes = {everything, frozen()};
  story.commented("alice", "slipway thaw");
  const auto ended = story.all<action::Thaw>();
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].scope == frozen().scope);
  CHECK(answer(story).find("`github/acme/infra` is not frozen any more") == 0);
  CHECK(answer(story).find("Still frozen:\n\n- `everything`: it is frozen by `root`") != std::string::npos);

  story.commented("alice", "slipway thaw -d net");
  CHECK_FALSE(story.has<action::Thaw>());
  CHECK(answer(story).find("There is no freeze of exactly `github/acme/infra net`.") == 0);
}

TEST_CASE("what was frozen at the server is ended there") {
  Story story = planned();
  Freeze at_server = frozen();
  at_server.by_operator = true;
  story.freezes = {at_server};
  story.commented("alice", "slipway thaw");
  CHECK_FALSE(story.has<action::Thaw>());
  CHECK(answer(story).find("frozen at the server, by `bob`: only there") != std::string::npos);
  story.commented("alice", "slipway freeze my own reason");
  CHECK_FALSE(story.has<action::Freeze>());
}

TEST_CASE("a freeze that ended by itself is none to thaw") {
  Story story = planned();
  story.freezes = {frozen(story.now)};
  story.commented("alice", "slipway thaw");
  CHECK_FALSE(story.has<action::Thaw>());
}

TEST_CASE("a merge that came while a comment's apply waited for a worker is heard when that is held back") {
  Story story;
  story.rules.apply = ApplyMode::OnComment;
  story.ready("add net");
  story.commented("bob", "slipway apply");
  story.verified("net");
  const RunId run = story.in<phase::Applying>("net").run;
  story.pull.pull.head = "head 2";
  story.merged({"net"});
  REQUIRE(story.state("net") == "Applying");
  story.withheld = frozen();
  story.happens(event::ApplyHeldBack{story.id("net"), run});
  CHECK(story.state("net") == "Queued");
  CHECK(story.has<action::PrepareMerge>());
}
