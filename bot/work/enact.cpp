#include "bot/work/enact.h"

#include "bot/work/claim.h"
#include "bot/work/jobs/freeze.h"
#include "bot/work/payload.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::work {
namespace {

using namespace change;

Json write_strings(const std::vector<std::string>& strings) {
  return Json::Array(strings.begin(), strings.end());
}

class Enact {
 public:
  Enact(store::Transaction& rows, Time now) : rows_(rows), now_(now) {}

  void operator()(const action::Prepare& act) { prepare(act.pull, false); }
  void operator()(const action::PrepareMerge& act) { prepare(act.pull, true); }

  void operator()(const action::PrepareClosed& act) {
    // A lane keeps its order: whoever waits on purpose waits in one of its own.
    add({.kind = "prepare_closed",
         .lane = act.delay.count() > 0 ? "let_go:" + to_string(act.pull) : pull_lane(act.pull),
         .payload = Json::object({{"pull", write(act.pull)}}),
         .priority = Priority::Plan,
         .due = now_ + act.delay,
         .key = "prepare_closed:" + to_string(act.pull)});
  }

  void operator()(const action::PrepareGroup& act) {
    const auto held = rows_.pulls.find(act.pull);
    if (held) add(group_job(act.pull.repo, held->pull.base_branch, held->group, act.pull.number, now_));
  }

  void operator()(const action::Look& act) {
    rows_.jobs.add(look_job(act.pull, Cause::Reconcile, Priority::Plan, now_));
  }

  void operator()(const action::RunPlan& act) {
    // A plan for review has a lane of its own; one that an apply waits for, or that follows one, holds the
    // state's.
    const auto change = rows_.changes.find(act.change);
    const bool review = change && std::holds_alternative<phase::Planning>(change->state);
    add({.kind = "plan",
         .lane = review ? plan_lane(act.change) : state_lane(state_key(act.change)),
         .payload = Json::object({{"change", write(act.change)},
                                  {"run", act.run},
                                  {"flags", write_strings(act.flags)},
                                  {"actor", act.actor}}),
         .priority = act.priority});
  }

  void operator()(const action::Stop& act) { rows_.jobs.drop_waiting(plan_lane(act.change), "plan"); }

  void operator()(const action::Verify& act) {
    add({.kind = "verify",
         .lane = state_lane(state_key(act.change)),
         .payload = Json::object({{"change", write(act.change)}}),
         .priority = Priority::Apply});
  }

  void operator()(const action::RunApply& act) {
    add({.kind = "apply",
         .lane = state_lane(state_key(act.change)),
         .payload = Json::object(
             {{"change", write(act.change)}, {"run", act.run}, {"plan", act.plan}, {"actor", act.actor}}),
         .priority = Priority::Apply,
         .due = now_ + act.delay});
  }

  void operator()(const action::PushState& act) {
    add({.kind = "push_state",
         .lane = state_lane(state_key(act.change)),
         .payload = Json::object({{"change", write(act.change)}, {"run", act.run}, {"blob", act.blob}}),
         .priority = Priority::Apply});
  }

  void operator()(const action::ReleaseLock& act) {
    add({.kind = "release_lock",
         .lane = state_lane(state_key(act.change)),
         .payload = Json::object({{"change", write(act.change)},
                                  {"run", act.run},
                                  {"lock", act.order.lock},
                                  {"by", act.order.by},
                                  {"comment", act.order.comment}}),
         .priority = Priority::Apply});
  }

  void operator()(const action::KeepPlan& act) { rows_.plans.add(act.record); }
  void operator()(const action::SaveVerdicts& act) { rows_.plans.save_verdicts(act.plan, act.verdicts); }
  void operator()(const action::MarkShown& act) { rows_.plans.shown(act.plan, now_); }

  void operator()(const action::SaySticky& act) {
    if (is_push(act.pull)) {
      (*this)(action::SayIssues{act.pull});
      return;
    }
    const auto said = rows_.said.find(act.pull, "sticky");
    Time due = now_;
    if (act.haste == Haste::Progress)
      due = said ? std::max(now_, said->at + interval(act.pull)) : now_ + kFirstWord;
    add({.kind = "say",
         .lane = comment_lane(act.pull),
         .payload = Json::object({{"pull", write(act.pull)}}),
         .priority = Priority::Say,
         .due = due,
         .key = "say:" + to_string(act.pull)});
  }

  void operator()(const action::SayNotice& act) {
    if (is_push(act.pull)) return;  // its issues say it
    Json::Array projects;
    for (const ProjectId& project : act.projects) projects.push_back(write(project));
    add({.kind = "notice",
         .lane = notice_lane(act.pull),
         .payload = Json::object({{"pull", write(act.pull)},
                                  {"what", static_cast<int>(act.what)},
                                  {"projects", std::move(projects)},
                                  {"key", act.key},
                                  {"mentions", write_strings(act.mentions)}}),
         .priority = Priority::Say,
         .key = fmt::format("notice:{}:{}", to_string(act.pull), act.key)});
  }

  void operator()(const action::SayReply& act) {
    add({.kind = "reply",
         .lane = notice_lane(act.pull),
         .payload = Json::object({{"pull", write(act.pull)},
                                  {"key", act.key},
                                  {"to", act.to},
                                  {"text", act.text},
                                  {"quote", act.quote}}),
         .priority = Priority::Say,
         .key = fmt::format("reply:{}:{}", to_string(act.pull), act.key)});
  }

  void operator()(const action::React& act) {
    if (is_push(act.pull)) return;
    add({.kind = "react",
         .lane = "react:" + to_string(act.pull),
         .payload = Json::object(
             {{"pull", write(act.pull)}, {"comment", act.comment}, {"emoji", static_cast<int>(act.emoji)}}),
         .priority = Priority::Say});
  }

  void operator()(const action::SetStatuses& act) {
    add({.kind = "status",
         .lane = "status:" + to_string(act.pull),
         .payload = Json::object({{"pull", write(act.pull)}}),
         .priority = Priority::Say,
         .key = "status:" + to_string(act.pull)});
  }

  void operator()(const action::SayIssues& act) {
    add({.kind = "issue",
         .lane = "issue:" + to_string(act.pull.repo),
         .payload = Json::object({{"pull", write(act.pull)}}),
         .priority = Priority::Say,
         .key = "issue:" + to_string(act.pull)});
  }

  void operator()(const action::Refresh& act) {
    auto planned = rows_.changes.planned(act.key);
    std::erase_if(planned, [&](const Change& change) { return change.id.pull == act.but; });
    std::stable_sort(planned.begin(), planned.end(),
                     [](const Change& a, const Change& b) { return a.updated > b.updated; });
    if (planned.size() > kMaxRefreshed) planned.resize(kMaxRefreshed);
    for (const Change& change : planned) {
      add({.kind = "stale",
           .lane = pull_lane(change.id.pull),
           .payload = Json::object({{"change", write(change.id)}}),
           .priority = Priority::Refresh,
           .due = now_ + kStaleDebounce,
           .key = stale_key(change.id)});
      (*this)(action::SaySticky{change.id.pull, Haste::Progress});
    }
  }

  void operator()(const action::AdvanceAt& act) { rows_.jobs.add(advance_job(act.change, act.at)); }

  void operator()(const action::Freeze& act) {
    rows_.freezes.save(act.freeze);
    rows_.jobs.add(tell_freezes_job(now_));
  }

  void operator()(const action::Thaw& act) {
    rows_.freezes.end(act.scope);
    rows_.jobs.add(tell_freezes_job(now_));
  }

  void operator()(const action::Record& act) {
    rows_.audit.add({0, now_, act.actor, act.what, act.subject, act.detail});
  }

 private:
  void add(NewJob job) {
    if (job.due == Time{}) job.due = now_;
    rows_.jobs.add(job);
  }

  void prepare(const PullId& pull, bool merged) {
    add({.kind = "prepare",
         .lane = pull_lane(pull),
         .payload = Json::object({{"pull", write(pull)}, {"merged", merged}}),
         .priority = merged ? Priority::Apply : Priority::PersonsPlan,
         .key = fmt::format("prepare:{}:{}", to_string(pull), merged)});
  }

  std::chrono::seconds interval(const PullId& pull) const {
    const auto changes = rows_.changes.of_pull(pull);
    const bool applying = std::any_of(changes.begin(), changes.end(), [](const Change& change) {
      const auto* state = std::get_if<phase::Applying>(&change.state);
      return state != nullptr && state->done > 0;
    });
    return applying ? kApplyEditInterval : kEditInterval;
  }

  store::Transaction& rows_;
  Time now_;
};

}  // namespace

void enact(store::Transaction& rows, const Decision& decision, Time now) {
  if (decision.pull_changed) rows.pulls.save(decision.pull);
  for (const Change& change : decision.changed) rows.changes.save(change);
  Enact enactor(rows, now);
  for (const change::Action& act : decision.actions) std::visit(enactor, act);
}

std::vector<RunId> stopped_runs(const Decision& decision) {
  std::vector<RunId> out;
  for (const change::Action& act : decision.actions)
    if (const auto* stop = std::get_if<action::Stop>(&act)) out.push_back(stop->run);
  return out;
}

std::string stale_key(const ChangeId& change) { return "stale:" + to_string(change); }

NewJob group_job(const RepoId& repo, const std::string& base_branch, const QueueGroup& group,
                 std::int64_t number, Time now) {
  return {.kind = "group",
          .lane = fmt::format("group:{}@{}", to_string(repo), group.commit),
          .payload = Json::object({{"repo", write(repo)},
                                   {"head", group.commit},
                                   {"base", group.base},
                                   {"branch", base_branch},
                                   {"published", group.branch},
                                   {"number", number},
                                   {"at", to_millis(now)}}),
          .priority = Priority::PersonsPlan,
          .due = now};
}

NewJob look_job(const PullId& pull, Cause cause, Priority priority, Time now) {
  return {.kind = "look",
          .lane = pull_lane(pull),
          .payload = Json::object({{"pull", write(pull)}, {"cause", static_cast<int>(cause)}}),
          .priority = priority,
          .due = now,
          .key = fmt::format("look:{}:{}", to_string(pull), static_cast<int>(cause))};
}

}  // namespace slipway::work
