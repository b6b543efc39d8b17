#include "bot/work/jobs/branch.h"

#include "bot/work/base_line.h"
#include "bot/work/enact.h"
#include "bot/work/payload.h"
#include "core/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace slipway::work {
namespace {

/// How long a commit may wait for the pull request that brought it, unless comparing comes sooner.
constexpr std::chrono::seconds kExplained{30};
/// Clocks differ.
constexpr std::chrono::minutes kOverlap{5};

/// Commits that came one after the other, all without a pull request.
struct Push {
  Sha before;
  Sha commit;
};

/// What is new on a branch, and who brought it.
class NewCommits {
 public:
  NewCommits(const Tools& tools, const store::RepoRow& row, const Sha& head, std::stop_token stop)
      : tools_(tools),
        repository_(tools.repositories.of(row.repo)),
        row_(row),
        line_(repository_.first_parents(head, row.accounted, kMaxFirstParents)),
        stop_(std::move(stop)) {
    // Where the branch went on from another line, that one's own past is no news.
    const auto past = std::find_if(line_.begin(), line_.end(), [&](const Sha& commit) {
      return repository_.contains(row.accounted, commit);
    });
    line_.erase(past, line_.end());
  }

  std::vector<Push> unexplained() {
    vcs::Host& host = tools_.host(row_.repo.forge);
    for (const PullRequest& pull : host.pulls().closed_pulls(row_.repo, row_.pulls_since - kOverlap, stop_))
      if (pull.state == PullState::Merged && pull.base_branch == row_.branch) explain(host, pull);
    std::vector<Push> out;
    for (std::size_t i = 0; i < line_.size(); ++i) {
      if (explained_.contains(line_[i])) continue;
      const std::size_t newest = i;
      while (i + 1 < line_.size() && !explained_.contains(line_[i + 1])) ++i;
      out.push_back({i + 1 < line_.size() ? line_[i + 1] : row_.accounted, line_[newest]});
    }
    std::reverse(out.begin(), out.end());  // oldest first
    return out;
  }

 private:
  void explain(vcs::Host& host, const PullRequest& pull) {
    if (pull.merge_commit.empty()) {
      // Where the forge does not tell which commit it was, it may be any of them.
      explained_.insert(line_.begin(), line_.end());
      return;
    }
    const auto merge = std::find(line_.begin(), line_.end(), pull.merge_commit);
    if (merge == line_.end()) return;
    const bool may_be_rebase = repository_.parents(*merge).size() == 1;
    const std::string ref = host.pull_ref(pull.id);
    if (may_be_rebase && !repository_.head(ref))
      repository_.fetch(host.git_access(row_.repo), row_.branch, ref, stop_);
    const Sha head = may_be_rebase ? repository_.head(ref).value_or(Sha()) : Sha();
    // Pushed as it was, its own commits stand on the branch, down to what the forge calls its base.
    const Sha before = head == *merge ? pull.base : base_before(repository_, head, *merge);
    for (auto commit = merge; commit != line_.end() && *commit != before; ++commit)
      explained_.insert(*commit);
  }

  const Tools& tools_;
  vcs::Repository& repository_;
  const store::RepoRow& row_;
  std::vector<Sha> line_;  // newest first
  std::set<Sha> explained_;
  std::stop_token stop_;
};

/// Held as a merged pull request would be: what follows is the same.
HeldPull held_push(const Tools& tools, const store::RepoRow& row, const Push& push, const std::string& why,
                   std::stop_token stop) {
  HeldPull held;
  PullRequest& as = held.pull;
  as.id = push_id(row.repo, push.commit);
  as.title = why;
  const auto people = tools.host(row.repo.forge).pulls().people_of(row.repo, push.commit, stop);
  if (!people.empty()) {
    as.author = people.front();
    as.merged_by = people.back();
  }
  as.state = PullState::Merged;
  as.author_may_write = true;
  as.base_branch = row.branch;
  as.base = push.before;
  as.head = push.commit;
  as.merge_commit = push.commit;
  as.updated = tools.clock.now();
  held.planned_base = push.before;
  return held;
}

void take_up(store::Transaction& rows, const std::vector<HeldPull>& pushes, Time now) {
  change::Decision next;
  for (HeldPull push : pushes) {
    // A branch that is moved to and fro comes to the same commit again.
    if (const auto before = rows.pulls.find(push.pull.id)) push.revision = before->revision;
    rows.pulls.save(push);
    rows.audit.add({0, now, push.pull.author, "push.seen", to_string(push.pull.id), push.pull.title});
    next.actions.push_back(change::action::PrepareMerge{push.pull.id});
  }
  enact(rows, next, now);
}

NewJob rewritten_job(const PullId& pull, const Sha& commit, std::int64_t order, Time now) {
  return {.kind = "rewritten",
          .lane = pull_lane(pull),
          .payload = Json::object({{"pull", write(pull)}, {"commit", commit}, {"order", order}}),
          .priority = Priority::Apply,
          .due = now,
          .key = "rewritten:" + to_string(pull)};
}

}  // namespace

Outcome Branch::perform(const Job& job, const Claim&, std::stop_token stop) {
  const JsonReader in(job.payload);
  const BranchAt at{read_repo(in["repo"]), in["branch"].string()};
  const auto config = tools_.config.repo(at.repo);
  std::optional<store::RepoRow> row;
  tools_.store.read([&](const store::Snapshot& rows) { row = rows.pulls.repo(at.repo, at.branch); });
  // First sight changes nothing, and is the comparison's.
  if (!config || !config->counts(at.branch) || !row) return Outcome::nothing();
  vcs::Repository& repository = tools_.repositories.of(at.repo);
  repository.fetch(tools_.host(at.repo.forge).git_access(at.repo), at.branch, {}, stop);
  const auto head = repository.head(branch_ref(at.branch));
  if (row->accounted.empty()) row->accounted = row->seen;
  if (!head || (*head == row->accounted && *head == row->seen)) return Outcome::nothing();

  const Time now = tools_.clock.now();
  const Sha was = std::exchange(row->seen, *head);
  if (was != *head) row->seen_at = now;
  std::vector<HeldPull> pushes;
  Outcome outcome;
  if (!repository.contains(*head, was) || !repository.contains(*head, row->accounted)) {
    const Sha fork = repository.merge_base(was, *head);
    row->place = place_on_line(repository, was, *row) +
                 static_cast<std::int64_t>(repository.first_parents(*head, fork, kMaxFirstParents).size()) +
                 1;
    row->counted_from = *head;
    row->accounted = *head;
    row->pulls_since = now;
    const std::string why =
        fmt::format("`{}` was rewritten: {} is no longer part of it", at.branch, short_sha(was));
    log::warning("a base branch was rewritten",
                 {{"repo", to_string(at.repo)}, {"branch", at.branch}, {"was", was}});
    pushes.push_back(held_push(tools_, *row, {was, *head}, why, stop));
    outcome.rows = [=, line = *row](store::Transaction& rows) {
      rows.pulls.save_repo(line);
      for (const store::PullRow& pull : rows.pulls.open(line.repo))
        if (pull.pull.base_branch == line.branch && pull.pull.state != PullState::Open)
          rows.jobs.add(rewritten_job(pull.pull.id, line.accounted, line.place, now));
      take_up(rows, pushes, now);
    };
    return outcome;
  }
  if (now - row->seen_at >= std::min<std::chrono::seconds>(kExplained, tools_.config.reconcile)) {
    for (const Push& push : NewCommits(tools_, *row, *head, stop).unexplained()) {
      const std::string why = fmt::format("it came to `{}` without a pull request", at.branch);
      pushes.push_back(held_push(tools_, *row, push, why, stop));
    }
    row->accounted = *head;
    row->pulls_since = now;
  }
  // Until then the next comparisons ask again.
  outcome.rows = [=, line = *row](store::Transaction& rows) {
    rows.pulls.save_repo(line);
    take_up(rows, pushes, now);
  };
  return outcome;
}

Outcome Rewritten::perform(const Job& job, const Claim&, std::stop_token) {
  const JsonReader in(job.payload);
  const PullId pull = read_pull(in["pull"]);
  change::event::BaseRewritten event{in["commit"].string(), in["order"].integer(), {}};
  std::vector<Change> changes;
  tools_.store.read([&](const store::Snapshot& rows) { changes = rows.changes.of_pull(pull); });
  vcs::Repository& repository = tools_.repositories.of(pull.repo);
  for (const Change& change : changes) {
    const phase::Trigger* trigger = trigger_ever(change.state);
    if (trigger != nullptr && trigger->merge && !trigger->commit.empty() &&
        !repository.contains(event.commit, trigger->commit))
      event.projects.push_back(change.id.project);
  }
  return event.projects.empty() ? Outcome::nothing() : Outcome::of(pull, std::move(event));
}

NewJob branch_job(const BranchAt& branch, Time due) {
  return {.kind = "branch",
          .lane = fmt::format("branch:{}@{}", to_string(branch.repo), branch.branch),
          .payload = Json::object({{"repo", write(branch.repo)}, {"branch", branch.branch}}),
          .priority = Priority::Plan,
          .due = due,
          .key = "branch"};
}

}  // namespace slipway::work
