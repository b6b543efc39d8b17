#include "tests/bot/change/story.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::change;

namespace {

/// Opened, planned, and applied by bob's comment.
void apply_by_comment(Story& story) {
  story.rules.apply = ApplyMode::OnComment;
  story.ready();
  story.commented("bob", "slipway apply");
  story.verified("net");
}

void close(Story& story) {
  PullRequest seen = story.pull.pull;
  seen.state = PullState::Closed;
  story.happens(event::Looked{seen, Cause::Webhook});
}

/// The base branch's head was fetched: it has the project, or not.
void prepare_closed(Story& story, bool is_there = true) {
  event::FoundProject project;
  project.id = story.id("net").project;
  project.files_digest = "files:base";
  if (!is_there) project.removed_from = "tree of head1";
  story.happens(event::ClosedPrepared{"main's head", 7, {project}});
}

/// Compared with the base: a plan of it takes back what was applied.
PlanId asked(Story& story) {
  apply_by_comment(story);
  story.applied("net");
  close(story);
  prepare_closed(story);
  story.verified("net", "files:base");
  const PlanId plan = story.planned("net", "destroys");
  story.shown();
  return plan;
}

}  // namespace

TEST_CASE("what was applied before its pull request was closed is compared with the base, and asked about") {
  Story story;
  apply_by_comment(story);
  story.applied("net");
  CHECK(story.state("net") == "Done");
  close(story);
  CHECK(story.has<action::PrepareClosed>());
  CHECK_FALSE(story.pull.settled);
  prepare_closed(story);
  CHECK(story.state("net") == "Verifying");
  story.verified("net", "files:base");
  CHECK(story.state("net") == "Replanning");
  story.planned("net", "destroys");
  const auto& waiting = story.in<phase::AwaitingConfirm>("net");
  CHECK(waiting.why == "bob applied it, and the pull request was closed without a merge");
  CHECK(waiting.compared_to.empty());
  CHECK(story.has<action::SayIssues>());
  REQUIRE(story.all<action::SayNotice>().size() == 1);
  CHECK(story.all<action::SayNotice>().front().mentions == std::vector<std::string>{"bob"});
  CHECK_FALSE(story.pull.settled);
}

TEST_CASE("it ends when a plan of the base has nothing to do") {
  Story story;
  apply_by_comment(story);
  story.applied("net");
  close(story);
  prepare_closed(story);
  story.verified("net", "files:base");
  story.planned("net", "nothing");
  CHECK(story.state("net") == "NoChanges");
  CHECK(story.has<action::SayIssues>());
  CHECK(story.pull.settled);
}

TEST_CASE("what is asked after closing is applied by its plan's name only, and then over") {
  Story story;
  const PlanId plan = asked(story);
  story.commented("bob", "slipway apply");
  CHECK(story.state("net") == "AwaitingConfirm");
  story.commented("bob", "slipway discard");
  CHECK(story.state("net") == "AwaitingConfirm");
  story.commented("bob", "slipway apply " + plan);
  story.verified("net", "files:base");
  CHECK(story.state("net") == "Applying");
  story.applied("net");
  CHECK(story.state("net") == "Done");
  CHECK(story.pull.settled);
}

TEST_CASE("what is asked after closing is compared anew by a plan") {
  Story story;
  asked(story);
  story.commented("bob", "slipway plan");
  CHECK(story.state("net") == "Verifying");
}

TEST_CASE("an apply that ends after its pull request was closed is asked about too") {
  Story story;
  apply_by_comment(story);
  close(story);
  CHECK(story.state("net") == "Applying");
  CHECK_FALSE(story.has<action::PrepareClosed>());
  story.applied("net");
  CHECK(story.has<action::PrepareClosed>());
  CHECK_FALSE(story.pull.settled);
}

TEST_CASE("a closed pull request of which nothing was applied is over") {
  Story story;
  story.opened("head1");
  story.prepared("head1", {"net"});
  story.planned("net", "adds");
  close(story);
  CHECK_FALSE(story.has<action::PrepareClosed>());
  CHECK(story.state("net") == "Discarded");
  CHECK(story.pull.settled);
}

TEST_CASE("a state that could not be written is pushed back before the base is planned") {
  Story story;
  apply_by_comment(story);
  event::ApplyFailed failed;
  failed.change = story.id("net");
  failed.run = story.in<phase::Applying>("net").run;
  failed.began = true;
  failed.unwritten.blob = "blob";
  story.happens(failed);
  close(story);
  CHECK_FALSE(story.has<action::PrepareClosed>());
  CHECK_FALSE(story.pull.settled);
  story.happens(event::StatePushed{story.id("net"), "blob", {}});
  CHECK(story.has<action::PrepareClosed>());
}

TEST_CASE("a project that the base does not have is planned from the files it was applied with") {
  Story story;
  apply_by_comment(story);
  story.applied("net");
  close(story);
  prepare_closed(story, false);
  CHECK(story.change("net").removed);
  CHECK(story.change("net").merge_tree == "tree of head1");
}

TEST_CASE("opened again, it is planned as any pull request, and its merge applies it") {
  Story story;
  asked(story);
  story.opened("head1");
  CHECK(story.state("net") == "Discarded");
  CHECK(story.has<action::Prepare>());
  story.prepared("head1", {"net"});
  CHECK(story.state("net") == "Planning");
  story.planned("net", "nothing");
  story.merged({"net"});
  CHECK(story.state("net") == "Verifying");
}

TEST_CASE("opened again while the base is being compared, it waits for that and is planned then") {
  Story story;
  apply_by_comment(story);
  story.applied("net");
  close(story);
  prepare_closed(story);
  story.opened("head1");
  CHECK(story.state("net") == "Verifying");
  story.verified("net", "files:base");
  story.planned("net", "destroys");
  CHECK(story.state("net") == "Discarded");
  CHECK(story.has<action::Prepare>());
}

TEST_CASE("taken back, then opened again and merged unheard, it is applied again") {
  Story story;
  const PlanId plan = asked(story);
  story.commented("bob", "slipway apply " + plan);
  story.verified("net", "files:base");
  story.applied("net");
  REQUIRE(story.pull.settled);
  story.pull.settled = false;
  story.merged({"net"});
  CHECK(story.state("net") == "Verifying");
}

TEST_CASE("opened and closed again, it is called out again") {
  Story story;
  asked(story);
  story.opened("head1");
  story.prepared("head1", {"net"});
  story.planned("net", "nothing");
  CHECK(story.change("net").applied_by == "bob");
  close(story);
  CHECK(story.has<action::PrepareClosed>());
  prepare_closed(story);
  CHECK(story.state("net") == "Verifying");
}

TEST_CASE("what a merge has applied again is nobody's business any more") {
  Story story;
  asked(story);
  story.opened("head1");
  story.prepared("head1", {"net"});
  story.planned("net", "nothing");
  story.shown();
  story.merged({"net"});
  story.verified("net");
  story.planned("net", "nothing");
  CHECK(story.state("net") == "NoChanges");
  CHECK(story.change("net").applied_by.empty());
}

TEST_CASE("merged while the base is being compared, it is applied when that has ended") {
  Story story;
  apply_by_comment(story);
  story.applied("net");
  close(story);
  prepare_closed(story);
  story.pull.pull.head = "head2";
  story.merged({"net"});
  CHECK(story.state("net") == "Verifying");
  story.verified("net", "files:base");
  story.planned("net", "destroys");
  CHECK(story.state("net") == "Discarded");
  CHECK(story.has<action::PrepareMerge>());
}

TEST_CASE("a freeze holds back what takes it back, and not the comparison with the base") {
  Story story;
  story.withheld = Freeze{{}, "a move", "root", true, story.now, {}};
  const auto end_freeze = [&] { story.withheld.reset(); };
  const auto begin_freeze = [&, freeze = story.withheld] { story.withheld = freeze; };
  end_freeze();
  apply_by_comment(story);
  story.applied("net");
  begin_freeze();
  close(story);
  prepare_closed(story);
  REQUIRE(story.state("net") == "Verifying");
  story.verified("net", "files:base");
  const PlanId plan = story.planned("net", "destroys");
  story.shown();
  REQUIRE(story.state("net") == "AwaitingConfirm");
  story.commented("carol", "slipway apply " + plan);
  CHECK(story.state("net") == "Queued");
  end_freeze();
  story.happens(event::MayAdvance{story.id("net")});
  CHECK(story.state("net") == "Verifying");
}
