#include "tests/bot/change/story.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::change;

TEST_CASE("a project that is planned by comment only waits for one, after every push again") {
  Story story;
  story.opened("head1");
  const auto prepared = [&](const Sha& head) {
    event::Prepared event{head, "base", "base", "tree of " + head, {}, {}, {}};
    event.projects.push_back({{"lab", "default", {}}, "files of " + head, {}, {}, {}, false});
    story.happens(event);
  };
  prepared("head1");
  CHECK(story.state("lab") == "Waiting");
  CHECK_FALSE(story.has<action::RunPlan>());
  story.commented("bob", "slipway plan -d lab");
  CHECK(story.state("lab") == "Planning");
  story.planned("lab", "adds");
  prepared("head1");
  CHECK(story.state("lab") == "Ready");
  story.opened("head2");
  prepared("head2");
  CHECK(story.state("lab") == "Waiting");
}

TEST_CASE("plans that were judged by other policies are made again when the base branch brings them") {
  Story story;
  story.ready();
  event::Prepared event{"head1", "base2", "base", "tree of head1", {}, {}, {}};
  event.projects.push_back({{"net", "default", {}}, "files:1", {}, {}});
  event.policies_digest = story.plans.begin()->second.inputs.policies_digest;
  story.happens(event);
  CHECK(story.state("net") == "Ready");
  event.policies_digest = "others";
  story.happens(event);
  CHECK(story.state("net") == "Planning");
}

TEST_CASE("a merge whose base can't be read keeps what was approved until it can be") {
  Story story;
  story.ready();
  PullRequest merged = story.pull.pull;
  merged.state = PullState::Merged;
  story.happens(event::Looked{merged, Cause::Webhook});
  story.happens(event::PrepareFailed{"head1", "slipway.yaml:1: no"});
  CHECK(story.state("net") == "Ready");
  CHECK(story.pull.waits_for == "slipway.yaml:1: no");
  story.happens(event::Looked{merged, Cause::Reconcile});
  CHECK(story.has<action::PrepareMerge>());
  story.commented("bob", "slipway plan");
  CHECK(story.has<action::PrepareMerge>());
  story.happens(event::MergePrepared{
      "merge", "base", 1, "tree of head1", {{{"net", "default", {}}, "files:1", {}, {}}}});
  CHECK(story.pull.waits_for.empty());
  CHECK(story.state("net") == "Verifying");
}
