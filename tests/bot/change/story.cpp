#include "tests/bot/change/story.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace slipway::change {
namespace {

/// The run that a plan of this change is waited for from.
RunId awaited_run(const Change& change) {
  if (const auto* planning = std::get_if<phase::Planning>(&change.state)) return planning->run;
  if (const auto* again = std::get_if<phase::Replanning>(&change.state)) return again->run;
  return "left";
}

}  // namespace

std::string CountingRandom::bytes(std::size_t count) {
  std::string out(count, '\0');
  out.back() = static_cast<char>(++next_);
  return out;
}

Story::Story() {
  pull.pull.id = {{"github", "acme/infra"}, 12};
  pull.pull.author = "alice";
  pull.pull.base_branch = "main";
  pull.pull.author_may_write = true;
}

void Story::happens(const Event& event) {
  Situation situation;
  situation.pull = pull;
  for (const auto& [key, change] : changes) situation.changes.push_back(change);
  situation.plans = plans;
  situation.rivals = rivals;
  situation.newest_through = newest_through;
  situation.rules = rules;
  situation.freezes = freezes;
  const auto hold = [&](const ChangeId& change) {
    if (withheld) situation.withheld.emplace(change, *withheld);
  };
  for (const auto& [key, change] : changes) hold(key);
  for (const Change& rival : rivals) hold(rival.id);
  if (const auto* merge = std::get_if<event::MergePrepared>(&event))
    for (const auto& project : merge->projects) hold({pull.pull.id, project.id});
  if (const auto* group = std::get_if<event::GroupPrepared>(&event))
    for (const auto& project : group->projects) hold({pull.pull.id, project.id});
  situation.now = now;
  const Decision decision = decide(situation, event, random_);
  pull = decision.pull;
  for (const Change& change : decision.changed) {
    if (change.id.pull == pull.pull.id) {
      changes[change.id] = change;
    } else {
      for (Change& rival : rivals)
        if (rival.id == change.id) rival = change;
    }
  }
  actions = decision.actions;
  for (const auto& kept : all<action::KeepPlan>()) plans[kept.record.id] = kept.record;
  for (const auto& marked : all<action::MarkShown>()) plans[marked.plan].shown_at = now;
  for (const auto& saved : all<action::SaveVerdicts>()) plans[saved.plan].verdicts = saved.verdicts;
}

void Story::opened(const Sha& head) {
  PullRequest seen = pull.pull;
  seen.state = PullState::Open;
  seen.head = head;
  happens(event::Looked{seen, Cause::Webhook});
}

std::vector<event::FoundProject> Story::found(const std::vector<std::string>& dirs,
                                              const std::string& digest) const {
  std::vector<event::FoundProject> out;
  for (const std::string& dir : dirs) {
    event::FoundProject& project = out.emplace_back();
    project.id = id(dir).project;
    project.files_digest = digest;
    const auto needs = depends_on.find(dir);
    if (needs == depends_on.end()) continue;
    for (const std::string& other : needs->second) project.depends_on.push_back(id(other).project);
  }
  return out;
}

void Story::prepared(const Sha& head, const std::vector<std::string>& dirs, const std::string& digest) {
  happens(event::Prepared{head, "base", "base", "tree of " + head, {}, found(dirs, digest), {}});
}

PlanId Story::ready(const std::string& does) {
  opened("head1");
  prepared("head1", {"net"});
  const PlanId plan = planned("net", does);
  shown();
  return plan;
}

PlanId Story::planned(const std::string& dir, const std::string& does) { return planned(dir, does, {}); }

PlanId Story::planned(const std::string& dir, const std::string& does, const std::vector<Verdict>& verdicts) {
  PlanRecord record;
  record.semantic_digest = does;
  if (does != "nothing") record.change_digests = {does};
  record.counts.create = does == "nothing" ? 0 : 1;
  record.verdicts = verdicts;
  return planned(dir, std::move(record));
}

PlanId Story::planned(const std::string& dir, PlanRecord record) {
  const Change& one = change(dir);
  record.id = fmt::format("plan{}", ++next_plan_);
  record.change = one.id;
  record.run = awaited_run(one);
  record.head = one.head;
  record.inputs.merge_tree = one.merge_tree;
  record.inputs.files_digest = one.files_digest;
  record.inputs.tool = "terraform 1.11.4";
  record.expires = now + std::chrono::hours(24);
  happens(event::Planned{one.id, record});
  return record.id;
}

void Story::shown() {
  event::Shown event;
  for (const auto& [key, record] : plans) event.plans.push_back(key);
  happens(event);
}

void Story::merged(const std::vector<std::string>& dirs, const std::string& digest) {
  PullRequest seen = pull.pull;
  seen.state = PullState::Merged;
  seen.merged_by = "bob";
  seen.merged_at = now;
  happens(event::Looked{seen, Cause::Webhook});
  REQUIRE(has<action::PrepareMerge>());
  happens(event::MergePrepared{"merge", "base", merge_order, "tree of " + seen.head, found(dirs, digest)});
}

void Story::verified(const std::string& dir, const std::string& digest) {
  PlanInputs inputs;
  inputs.merge_tree = digest == "files:1" ? change(dir).merge_tree : "another tree";
  inputs.files_digest = digest;
  inputs.tool = "terraform 1.11.4";
  happens(event::Verified{id(dir), inputs, "base"});
}

void Story::commented(const std::string& author, const std::string& line, bool may_write,
                      std::vector<std::string> owner_of) {
  commented_on(pull.pull, author, line, may_write, std::move(owner_of));
}

void Story::commented_on(const PullRequest& now_there, const std::string& author, const std::string& line,
                         bool may_write, std::vector<std::string> owner_of) {
  const auto asked = commands::parse_comment(line, {"slipway"});
  REQUIRE(asked);
  REQUIRE(*asked);
  event::Commanded event;
  event.now = now_there;
  event.comment = {7, author, line, write_at.value_or(now)};
  event.call = (*asked)->call;
  event.step = (*asked)->kind->step;
  event.for_everybody = (*asked)->kind->for_everybody;
  event.may_write = may_write;
  event.owner_of = std::move(owner_of);
  happens(event);
}

void Story::applied(const std::string& dir, std::size_t hooks) {
  happens(event::Applied{id(dir), in<phase::Applying>(dir).run, {"lineage", 1}, hooks});
}

}  // namespace slipway::change
