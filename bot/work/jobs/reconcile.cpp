#include "bot/work/jobs/reconcile.h"

#include "bot/work/base_line.h"
#include "bot/work/enact.h"
#include "bot/work/intake.h"
#include "bot/work/jobs/branch.h"
#include "bot/work/jobs/converge.h"
#include "bot/work/payload.h"
#include "core/failure.h"
#include "core/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace slipway::work {
namespace {

/// Closed pull requests are asked for from a little before the last time: clocks differ.
constexpr std::chrono::minutes kOverlap{5};

/// What the forge lists and what we hold, compared.
class Comparison {
 public:
  Comparison(const Tools& tools, RepoId repo) : tools_(tools), repo_(std::move(repo)) {}

  Outcome compare(std::stop_token stop) {
    const Time asked_at = tools_.clock.now();
    vcs::Pulls& pulls = tools_.host(repo_.forge).pulls();
    const auto open = pulls.open_pulls(repo_, stop);
    std::optional<store::RepoRow> known;
    tools_.store.read([&](const store::Snapshot& rows) {
      known = rows.pulls.repo(repo_, {});
      for (store::PullRow& row : rows.pulls.open(repo_)) held_.emplace(row.pull.id.number, std::move(row));
    });
    std::set<std::int64_t> still_open;
    for (const PullRequest& pull : open) {
      still_open.insert(pull.id.number);
      look_if_moved(pull);
    }
    // Whatever we hold as open and the forge does not list was closed or merged, whenever that was.
    for (const auto& [number, row] : held_) {
      const bool stuck = row.pull.state == PullState::Merged && !row.waits_for.empty();
      const bool in_queue = !row.group.commit.empty();  // unless the queue let it go
      if (stuck || in_queue || (row.pull.state == PullState::Open && !still_open.contains(number)))
        look(row.pull.id, change::Cause::Webhook);
    }
    std::vector<PullRequest> closed;
    if (known) closed = pulls.closed_pulls(repo_, known->pulls_since, stop);
    find_closed(closed);
    branches(open, stop);
    const Time since = known ? known->pulls_since : asked_at;
    find_comments(pulls, open, since, stop);
    find_comments(pulls, closed, since, stop);
    if (a_push_waits()) on_issues_ = pulls.issue_comments(repo_, since, stop);

    Outcome outcome;
    const store::RepoRow row{repo_, {}, {}, {}, asked_at - kOverlap};
    outcome.rows = [looks = looks_, comments = comments_, on_issues = on_issues_, first_seen = first_seen_,
                    row, &tools = tools_](store::Transaction& rows) {
      for (const NewJob& job : looks) rows.jobs.add(job);
      for (const auto& [pull, comment] : comments) take_comment(tools, rows, pull, comment);
      for (const vcs::heard::Commented& comment : on_issues) take_up(tools, rows, comment);
      // A merge that was heard meanwhile may have seen it first.
      for (const store::RepoRow& branch : first_seen)
        if (!rows.pulls.repo(branch.repo, branch.branch)) rows.pulls.save_repo(branch);
      rows.pulls.save_repo(row);
    };
    return outcome;
  }

 private:
  void look(const PullId& pull, change::Cause cause) {
    looks_.push_back(look_job(pull, cause, Priority::Plan, tools_.clock.now()));
  }

  void look_if_moved(const PullRequest& pull) {
    const auto row = held_.find(pull.id.number);
    if (row == held_.end() || row->second.pull.head != pull.head || row->second.pull.draft != pull.draft ||
        row->second.pull.base_branch != pull.base_branch || row->second.settled)
      look(pull.id, change::Cause::Reconcile);
  }

  /// Opened and merged while nobody listened: never held, so only the list of closed ones tells.
  void find_closed(const std::vector<PullRequest>& closed) {
    for (const PullRequest& pull : closed) {
      if (pull.state != PullState::Merged || held_.contains(pull.id.number)) continue;
      bool settled = false;
      tools_.store.read([&](const store::Snapshot& rows) {
        const auto row = rows.pulls.find(pull.id);
        settled = row && row->pull.state == PullState::Merged;
      });
      if (!settled) look(pull.id, change::Cause::Reconcile);
    }
  }

  /// Base branches that open pull requests go to: a head that moved makes their plans stale.
  void branches(const std::vector<PullRequest>& open, std::stop_token stop) {
    const auto config = tools_.repo(repo_);
    std::set<std::string> names;
    for (const PullRequest& pull : open)
      if (config.counts(pull.base_branch)) names.insert(pull.base_branch);
    for (const std::string& pattern : config.branches)
      if (pattern.find_first_of("*?[") == std::string::npos) names.insert(pattern);
    vcs::Host& host = tools_.host(repo_.forge);
    vcs::Repository& repository = tools_.repositories.of(repo_);
    std::map<std::string, std::optional<Sha>> told;
    for (const std::string& name : names) told[name] = host.pulls().branch_head(repo_, name, stop);
    const bool tells = std::any_of(told.begin(), told.end(), [](const auto& one) { return one.second; });
    for (const auto& [name, stands_at] : told) {
      // What stands where it did is not fetched to learn that.
      if (tells && (!stands_at || !is_news(name, *stands_at))) continue;
      try {
        repository.fetch(host.git_access(repo_), name, {}, stop);
      } catch (const Failure& failure) {
        // A branch of the list that this repository does not have is no fault of anybody.
        log::debug("a base branch was not fetched",
                   {{"repo", to_string(repo_)}, {"branch", name}, {"error", failure.what()}});
        continue;
      }
      const auto head = repository.head(branch_ref(name));
      if (head) compare_branch(name, *head, open);
    }
  }

  std::optional<store::RepoRow> held_branch(const std::string& name) const {
    std::optional<store::RepoRow> row;
    tools_.store.read([&](const store::Snapshot& rows) { row = rows.pulls.repo(repo_, name); });
    if (row && row->accounted.empty()) row->accounted = row->seen;
    return row;
  }

  bool is_news(const std::string& name, const Sha& head) const {
    const auto row = held_branch(name);
    return !row || row->seen != head || row->accounted != head;
  }

  void compare_branch(const std::string& name, const Sha& head, const std::vector<PullRequest>& open) {
    const auto row = held_branch(name);
    if (!row) {
      // First sight changes nothing: what the branch holds now is taken as applied.
      first_seen_.push_back({repo_, name, head, head, tools_.clock.now()});
      return;
    }
    if (row->accounted != head) looks_.push_back(branch_job({repo_, name}, tools_.clock.now()));
    if (row->seen == head) return;
    for (const PullRequest& pull : open)
      if (pull.base_branch == name) look(pull.id, change::Cause::BaseMoved);
  }

  /// A merged pull request takes commands too: a confirmation, another try. What was written since the last
  /// comparison is read again, whoever looked at the pull request meanwhile; what was heard is known.
  void find_comments(vcs::Pulls& pulls, const std::vector<PullRequest>& listed, Time since,
                     std::stop_token stop) {
    for (const PullRequest& pull : listed) {
      if (pull.updated < since) continue;
      for (Comment& comment : pulls.comments(pull.id, since, stop))
        comments_.emplace_back(pull.id, std::move(comment));
    }
  }

  /// Only a push is confirmed on an issue: where none waits, nobody asks for comments there.
  bool a_push_waits() const {
    return std::any_of(held_.begin(), held_.end(),
                       [](const auto& row) { return is_push(row.second.pull.id); });
  }

  const Tools& tools_;
  RepoId repo_;
  std::map<std::int64_t, store::PullRow> held_;
  std::vector<NewJob> looks_;
  std::vector<std::pair<PullId, Comment>> comments_;
  std::vector<vcs::heard::Commented> on_issues_;
  std::vector<store::RepoRow> first_seen_;
};

}  // namespace

NewJob reconcile_job(Time due) {
  return {
      .kind = "reconcile", .lane = "reconcile", .priority = Priority::Plan, .due = due, .key = "reconcile"};
}

Outcome Reconcile::perform(const Job&, const Claim&, std::stop_token stop) {
  std::set<RepoId> repos;
  for (const auto& [name, host] : tools_.hosts) {
    for (const std::string& pattern : tools_.config.repo_patterns()) {
      try {
        for (const RepoId& repo : host->pulls().repos(pattern, stop)) repos.insert(repo);
      } catch (const Failure& failure) {
        log::warning("the repositories of a forge can't be listed",
                     {{"forge", name}, {"pattern", pattern}, {"error", failure.what()}});
      }
    }
  }
  Outcome outcome;
  const Time now = tools_.clock.now();
  const Time next = now + tools_.config.reconcile;
  outcome.rows = [=, sinks = converge_jobs(tools_)](store::Transaction& rows) {
    for (const NewJob& job : sinks) rows.jobs.add(job);
    for (const RepoId& repo : repos) {
      rows.jobs.add({.kind = "reconcile_repo",
                     .lane = "reconcile:" + to_string(repo),
                     .payload = Json::object({{"repo", write(repo)}}),
                     .priority = Priority::Plan,
                     .due = now,
                     .key = "reconcile:" + to_string(repo)});
    }
    rows.jobs.add(reconcile_job(next));
  };
  return outcome;
}

Outcome Reconcile::give_up(const Job&, const std::string&) {
  Outcome outcome;
  const Time next = tools_.clock.now() + tools_.config.reconcile;
  outcome.rows = [next](store::Transaction& rows) { rows.jobs.add(reconcile_job(next)); };
  return outcome;
}

Outcome ReconcileRepo::perform(const Job& job, const Claim&, std::stop_token stop) {
  const RepoId repo = read_repo(JsonReader(job.payload)["repo"]);
  return while_doing(fmt::format("comparing {} with its forge", to_string(repo)),
                     [&] { return Comparison(tools_, repo).compare(stop); });
}

}  // namespace slipway::work
