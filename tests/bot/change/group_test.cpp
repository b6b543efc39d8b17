#include "tests/bot/change/story.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::change;

namespace {

const Verdict kDenied{"no-labs", PolicyLevel::Overridable, PolicyOutcome::Deny, {}, {"dora"}, {}};

Story in_queue() {
  Story story;
  story.rules.apply = ApplyMode::InQueue;
  return story;
}

/// The merge queue made a commit of it on this base.
void asked(Story& story, const Sha& commit, const std::vector<std::string>& dirs = {"net"},
           const std::string& digest = "files:1") {
  event::GroupPrepared event;
  event.now = story.pull.pull;
  event.group = {commit, "base", "gh-readonly-queue/main/pr-12-base"};
  event.tree = "tree of " + story.pull.pull.head;
  event.asked_at = story.now;
  for (const std::string& dir : dirs) {
    event::FoundProject& project = event.projects.emplace_back();
    project.id = story.id(dir).project;
    project.files_digest = digest;
    const auto needs = story.depends_on.find(dir);
    if (needs == story.depends_on.end()) continue;
    for (const std::string& other : needs->second) project.depends_on.push_back(story.id(other).project);
  }
  story.happens(event);
}

void compared_with_base(Story& story) {
  event::FoundProject project;
  project.id = story.id("net").project;
  project.files_digest = "files:base";
  story.happens(event::ClosedPrepared{"main's head", 7, {project}});
}

/// Applied for the queue's commit.
Story applied() {
  Story story = in_queue();
  story.ready();
  asked(story, "group1");
  story.verified("net");
  story.applied("net");
  return story;
}

}  // namespace

TEST_CASE("what was shown is applied when the merge queue asks, and not before") {
  Story story = in_queue();
  story.ready();
  CHECK(story.state("net") == "Ready");
  asked(story, "group1");
  CHECK(story.state("net") == "Verifying");
  CHECK(story.pull.group.commit == "group1");
  story.verified("net");
  CHECK(story.has<action::RunApply>());
  story.applied("net");
  CHECK(story.state("net") == "Done");
  CHECK_FALSE(story.has<action::PrepareClosed>());
}

TEST_CASE("the merge of what the queue had applied applies nothing again") {
  Story story = applied();
  CHECK(story.change("net").applied_by == "alice");
  story.merged({"net"});
  CHECK(story.state("net") == "Done");
  CHECK_FALSE(story.has<action::Verify>());
  const phase::Trigger& trigger = story.in<phase::Done>("net").applied.trigger;
  CHECK(trigger.merge);
  CHECK(trigger.commit == "merge");
  CHECK(trigger.order == story.merge_order);
  CHECK(story.change("net").applied_by.empty());
  CHECK(story.pull.settled);
}

TEST_CASE("other files than the queue had applied are compared anew when they are merged") {
  Story story = applied();
  PullRequest seen = story.pull.pull;
  seen.state = PullState::Merged;
  seen.merged_at = story.now;
  story.happens(event::Looked{seen, Cause::Webhook});
  event::MergePrepared merge{"merge", "base", 1, "another tree", {}};
  merge.projects.push_back({story.id("net").project, "files:2", {}, {}});
  story.happens(merge);
  CHECK(story.state("net") == "Verifying");
}

TEST_CASE("the queue's commit is asked about once, however often that is heard") {
  Story story = in_queue();
  story.ready();
  asked(story, "group1");
  asked(story, "group1");
  CHECK_FALSE(story.has<action::Verify>());
  story.verified("net");
  asked(story, "group1");
  story.applied("net");
  asked(story, "group1");
  CHECK(story.state("net") == "Done");
}

TEST_CASE("a question ends the queue's turn, and is confirmed for the next") {
  Story story = in_queue();
  story.ready("adds");
  asked(story, "group1");
  story.verified("net", "files:2");
  const PlanId fresh = story.planned("net", "adds more");
  CHECK(story.state("net") == "AwaitingConfirm");
  story.happens(event::GroupGone{"group1"});
  CHECK(story.state("net") == "AwaitingConfirm");
  story.shown();
  story.commented("alice", "slipway apply " + fresh);
  CHECK(story.state("net") == "AwaitingConfirm");  // `confirm: not_author`
  story.commented("bob", "slipway apply " + fresh);
  CHECK(story.in<phase::Ready>("net").confirmed_by == "bob");
  CHECK_FALSE(story.has<action::Verify>());
  asked(story, "group2", {"net"}, "files:2");
  story.verified("net", "files:2");
  CHECK(story.state("net") == "Applying");
  CHECK(story.in<phase::Applying>("net").plan == fresh);
}

TEST_CASE("a question that nobody answered is asked again") {
  Story story = in_queue();
  story.ready("adds");
  asked(story, "group1");
  story.verified("net", "files:2");
  story.planned("net", "adds more");
  story.shown();
  story.happens(event::GroupGone{"group1"});
  asked(story, "group2", {"net"}, "files:2");
  story.verified("net", "files:2");
  CHECK(story.state("net") == "Replanning");
  story.planned("net", "adds more");
  CHECK(story.state("net") == "AwaitingConfirm");
}

TEST_CASE("a denied or failed plan stays what it is when the queue asks") {
  Story story = in_queue();
  story.opened("head1");
  story.prepared("head1", {"net", "web"});
  story.planned("net", "adds", {kDenied});
  story.happens(
      event::PlanFailed{story.id("web"), story.in<phase::Planning>("web").run, "no such variable", {}});
  story.shown();
  asked(story, "group1", {"net", "web"});
  CHECK(story.state("net") == "Blocked");
  CHECK(story.state("web") == "PlanFailed");
}

TEST_CASE("what is frozen waits for the queue to let it go, and is planned again") {
  Story story = in_queue();
  story.ready();
  story.withheld = Freeze{{}, "moving", "root", true, story.now, {}};
  asked(story, "group1");
  CHECK(story.state("net") == "Queued");
  story.happens(event::GroupGone{"group1"});
  CHECK(story.state("net") == "Discarded");
  CHECK(story.has<action::Prepare>());
  CHECK(story.has<action::Look>());
  story.withheld.reset();
  story.happens(event::MayAdvance{story.id("net")});
  CHECK_FALSE(story.has<action::Verify>());
}

TEST_CASE("a group that is gone before its apply begins applies nothing") {
  Story story = in_queue();
  story.ready();
  asked(story, "group1");
  story.happens(event::GroupGone{"group1"});
  CHECK(story.state("net") == "Discarded");
  CHECK(story.pull.group.commit.empty());
}

TEST_CASE("a group that is gone is another one by now") {
  Story story = in_queue();
  story.ready();
  asked(story, "group1");
  asked(story, "group2");
  story.happens(event::GroupGone{"group1"});
  CHECK(story.state("net") == "Verifying");
  CHECK(story.in<phase::Verifying>("net").trigger.commit == "group2");
}

TEST_CASE("what was applied for a group that is gone is compared with the base, and asked") {
  Story story = applied();
  story.happens(event::GroupGone{"group1"});
  REQUIRE(story.has<action::PrepareClosed>());
  compared_with_base(story);
  CHECK(story.state("net") == "Verifying");
  story.verified("net", "files:base");
  const PlanId back = story.planned("net", "destroys");
  CHECK(story.state("net") == "AwaitingConfirm");
  CHECK(story.has<action::SayIssues>());

  SECTION("the pull request is open, and its question stays") {
    story.happens(event::Looked{story.pull.pull, Cause::Webhook});
    CHECK(story.state("net") == "AwaitingConfirm");
    story.prepared("head1", {"net"});
    CHECK(story.state("net") == "AwaitingConfirm");
  }
  SECTION("queued again it goes through, and needs nothing") {
    story.shown();
    asked(story, "group2");
    story.verified("net");
    CHECK(story.state("net") == "Replanning");  // a plan of the base approves nothing
    story.planned("net", "nothing");
    CHECK(story.state("net") == "NoChanges");
    story.merged({"net"});
    CHECK(story.state("net") == "NoChanges");
    CHECK(story.change("net").applied_by.empty());
    CHECK(story.pull.settled);
  }
  SECTION("taken back by a person, the pull request is planned anew") {
    story.shown();
    story.commented("bob", "slipway apply " + back);
    story.verified("net", "files:base");
    REQUIRE(story.state("net") == "Applying");
    story.applied("net");
    CHECK(story.state("net") == "Discarded");
    CHECK(story.has<action::Prepare>());
    CHECK(story.change("net").applied_by.empty());
  }
  SECTION("merged by another road it is the merge's") {
    story.merged({"net"});
    CHECK(story.state("net") != "AwaitingConfirm");
  }
}

TEST_CASE("nothing is left where a plan of the base has nothing to do") {
  Story story = applied();
  story.happens(event::GroupGone{"group1"});
  compared_with_base(story);
  story.verified("net", "files:base");
  story.planned("net", "nothing");
  CHECK(story.state("net") == "Discarded");  // and the pull request is planned again
  CHECK(story.has<action::Prepare>());
  CHECK(story.change("net").applied_by.empty());
}

TEST_CASE("a group that is dissolved while it is applied is applied to the end, and then compared") {
  Story story = in_queue();
  story.ready();
  asked(story, "group1");
  story.verified("net");
  story.happens(event::GroupGone{"group1"});
  CHECK(story.state("net") == "Applying");
  CHECK_FALSE(story.has<action::Stop>());
  story.applied("net");
  CHECK(story.state("net") == "Done");
  CHECK(story.has<action::PrepareClosed>());
}

TEST_CASE("a queue that made its group anew while the first was applied is answered about that") {
  Story story = in_queue();
  story.ready();
  asked(story, "group1");
  story.verified("net");
  asked(story, "group2");
  CHECK(story.state("net") == "Applying");
  story.applied("net");
  CHECK(story.has<action::PrepareGroup>());
  CHECK_FALSE(story.has<action::PrepareClosed>());
  asked(story, "group2");
  story.verified("net", "files:2");
  story.planned("net", "nothing");
  CHECK(story.in<phase::NoChanges>("net").trigger.commit == "group2");
}

TEST_CASE("only what the config says so of is applied in the queue") {
  Story story;
  story.rules.apply_of[story.id("prod").project] = ApplyMode::InQueue;
  story.opened("head1");
  story.prepared("head1", {"prod", "lab"});
  story.planned("prod", "adds");
  story.planned("lab", "adds");
  story.shown();
  asked(story, "group1", {"prod", "lab"});
  CHECK(story.state("prod") == "Verifying");
  CHECK(story.state("lab") == "Ready");
  story.verified("prod");
  story.applied("prod");
  story.merged({"prod", "lab"});
  CHECK(story.state("prod") == "Done");
  CHECK(story.state("lab") == "Verifying");
}

TEST_CASE("what depends on a project that is applied when merged is asked about") {
  Story story;
  story.rules.apply_of[story.id("web").project] = ApplyMode::InQueue;
  story.depends_on["web"] = {"net"};
  story.opened("head1");
  story.prepared("head1", {"web", "net"});
  story.planned("web", "adds");
  story.planned("net", "adds");
  story.shown();
  asked(story, "group1", {"web", "net"});
  story.verified("web");
  story.planned("web", "adds");
  CHECK(story.in<phase::AwaitingConfirm>("web").why ==
        "it depends on `net`, which is not applied in the merge queue");
}

TEST_CASE("a requirement that was not met when it was queued is a question") {
  Story story = in_queue();
  story.rules.requirements = {"approved"};
  story.ready();
  asked(story, "group1");
  story.verified("net");
  story.planned("net", "adds");
  CHECK(story.in<phase::AwaitingConfirm>("net").why.starts_with("it was queued without `approved`"));
}

TEST_CASE("what nobody could see when it was queued is asked about") {
  Story story = in_queue();
  story.opened("head1");
  story.prepared("head1", {"net"});
  story.planned("net", "adds");
  const Time queued = story.now;
  story.now += std::chrono::minutes(1);
  story.shown();
  event::GroupPrepared event{story.pull.pull, {"group1", "base", "queue"}, "tree of head1", queued, {}};
  event.projects.push_back({story.id("net").project, "files:1", {}, {}});
  story.happens(event);
  story.verified("net");
  story.planned("net", "adds");
  CHECK(story.in<phase::AwaitingConfirm>("net").why == "its plan was shown only afterwards");
}

TEST_CASE("a group of a head that was pushed to since is left to the forge") {
  Story story = in_queue();
  story.ready();
  PullRequest then = story.pull.pull;
  story.opened("head2");
  story.prepared("head2", {"net"});
  event::GroupPrepared event{then, {"group1", "base", "queue"}, "tree", story.now, {}};
  event.projects.push_back({story.id("net").project, "files:1", {}, {}});
  story.happens(event);
  CHECK(story.state("net") == "Planning");
  CHECK(story.pull.group.commit.empty());
}

TEST_CASE("closed while the queue has it, what had not begun is over, and what was applied is asked about") {
  Story story = in_queue();
  story.ready();
  asked(story, "group1");
  PullRequest seen = story.pull.pull;
  seen.state = PullState::Closed;
  SECTION("before the apply") {
    story.happens(event::Looked{seen, Cause::Webhook});
    CHECK(story.state("net") == "Discarded");
    CHECK(story.pull.settled);
  }
  SECTION("after it") {
    story.verified("net");
    story.applied("net");
    story.happens(event::Looked{seen, Cause::Webhook});
    CHECK(story.has<action::PrepareClosed>());
  }
}
