#include "bot/work/jobs/look.h"

#include "bot/commands/grammar.h"
#include "bot/work/base_line.h"
#include "bot/work/claim.h"
#include "bot/work/intake.h"
#include "bot/work/payload.h"
#include "bot/work/situation.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace slipway::work {
namespace {

/// Owners that rules and verdicts name: those that this person is, or is in the team of. Verdicts are of the
/// base branch's policies too.
std::vector<std::string> owner_of(const Tools& tools, const PullId& pull, const std::string& login,
                                  std::stop_token stop) {
  const RepoId& repo = pull.repo;
  const auto config = tools.repo(repo);
  std::set<std::string> names(config.rules.owners.begin(), config.rules.owners.end());
  tools.store.read([&](const store::Snapshot& rows) {
    for (const Change& change : rows.changes.of_pull(pull))
      for (const PlanId& id : plans_of(change))
        if (const auto plan = id.empty() ? std::nullopt : rows.plans.find(id))
          for (const Verdict& verdict : plan->verdicts)
            names.insert(verdict.owners.begin(), verdict.owners.end());
  });
  std::vector<std::string> out;
  for (const std::string& name : names) {
    const bool team = name.find('/') != std::string::npos;
    const std::string plain = name.starts_with('@') ? name.substr(1) : name;
    if (team ? tools.host(repo.forge).pulls().in_team(name, login, stop) : plain == login)
      out.push_back(name);
  }
  return out;
}

/// Any reader of a public repository may approve: only those count whom the forge lets write.
void keep_entitled_reviews(vcs::Pulls& pulls, PullRequest& pull, std::stop_token stop) {
  std::erase_if(pull.reviews, [&](const Review& review) {
    if (!review.approved) return false;
    const Permission permission = pulls.permission(pull.id.repo, review.author, stop);
    return permission != Permission::Write && permission != Permission::Admin;
  });
}

/// An answer to what could not be understood: to the person alone.
Outcome explain(const PullId& pull, const std::string& author, std::int64_t comment, const std::string& why,
                const std::string& quote, const Time now) {
  Outcome outcome;
  outcome.rows = [=](store::Transaction& rows) {
    const std::string key = fmt::format("reply:{}", comment);
    rows.jobs.add(
        {.kind = "reply",
         .lane = notice_lane(pull),
         .payload = Json::object(
             {{"pull", write(pull)}, {"key", key}, {"to", author}, {"text", why}, {"quote", quote}}),
         .priority = Priority::Say,
         .due = now,
         .key = "reply:" + to_string(pull) + ":" + key});
  };
  return outcome;
}

/// What was written before the merge was meant to be heard before it, though its webhook is late or lost: the
/// merge applies what stood, and somebody may have discarded it.
std::vector<Comment> written_before_the_merge(const Tools& tools, const PullRequest& now,
                                              std::stop_token stop) {
  if (now.state != PullState::Merged || now.merged_at == Time{}) return {};
  std::optional<HeldPull> held;
  std::optional<store::RepoRow> compared;
  tools.store.read([&](const store::Snapshot& rows) {
    held = rows.pulls.find(now.id);
    compared = rows.pulls.repo(now.id.repo, {});
  });
  if (!held || held->pull.state != PullState::Open) return {};
  vcs::Pulls& pulls = tools.host(now.id.repo.forge).pulls();
  auto comments = pulls.comments(now.id, compared ? compared->pulls_since : Time{}, stop);
  std::erase_if(comments, [&](const Comment& comment) { return comment.at > now.merged_at; });
  return comments;
}

std::optional<HeldPull> confirmed_push(const Tools& tools, const RepoId& repo, const change::Call& call) {
  std::optional<HeldPull> push;
  tools.store.read([&](const store::Snapshot& rows) { push = push_to_confirm(rows, repo, call); });
  return push;
}

/// The merge queue's commit, if that does not stand by it any more and has not merged it: what it merged a
/// moment ago may still be called open.
Sha group_gone(const Tools& tools, const PullId& id, std::stop_token stop) {
  std::optional<HeldPull> held;
  tools.store.read([&](const store::Snapshot& rows) { held = rows.pulls.find(id); });
  if (!held || held->group.commit.empty()) return {};
  const QueueGroup& group = held->group;
  vcs::Host& host = tools.host(id.repo.forge);
  if (host.pulls().branch_head(id.repo, group.branch, stop) == group.commit) return {};
  vcs::Repository& repository = tools.repositories.of(id.repo);
  repository.fetch(host.git_access(id.repo), held->pull.base_branch, {}, stop);
  const auto base = repository.head(branch_ref(held->pull.base_branch));
  return base && repository.contains(*base, group.commit) ? Sha() : group.commit;
}

}  // namespace

PullRequest look_at(const Tools& tools, const PullId& id, std::stop_token stop) {
  vcs::Pulls& pulls = tools.host(id.repo.forge).pulls();
  PullRequest now = pulls.pull(id, stop);
  if (!tools.repo(id.repo).rules.requirements.empty()) keep_entitled_reviews(pulls, now, stop);
  return now;
}

Outcome Look::perform(const Job& job, const Claim&, std::stop_token stop) {
  const JsonReader in(job.payload);
  const PullId id = read_pull(in["pull"]);
  const auto cause = static_cast<change::Cause>(in["cause"].integer());
  if (is_push(id)) {
    std::optional<HeldPull> held;
    tools_.store.read([&](const store::Snapshot& rows) { held = rows.pulls.find(id); });
    return held ? Outcome::of(id, change::event::Looked{held->pull, cause}) : Outcome::nothing();
  }
  PullRequest now = look_at(tools_, id, stop);
  if (now.state == PullState::Open) {
    if (const Sha gone = group_gone(tools_, id, stop); !gone.empty())
      return Outcome::of(id, change::event::GroupGone{gone});
  }
  auto comments = written_before_the_merge(tools_, now, stop);
  Outcome outcome = Outcome::of(id, change::event::Looked{std::move(now), cause});
  // They stand in the pull request's lane before all that this look leads to.
  outcome.rows = [id, comments = std::move(comments), &tools = tools_](store::Transaction& rows) {
    for (const Comment& comment : comments) take_comment(tools, rows, id, comment);
  };
  return outcome;
}

Outcome CommandStep::perform(const Job& job, const Claim&, std::stop_token stop) {
  const JsonReader in(job.payload);
  const PullId id = read_pull(in["pull"]);
  Comment comment{in["comment"].integer(), in["author"].string(), in["body"].string(),
                  from_millis(in["at"].integer())};
  vcs::Host& host = tools_.host(id.repo.forge);
  if (comment.author == host.voice().own_login(stop)) return Outcome::nothing();
  const auto asked = commands::parse_comment(comment.body, tools_.config.command_prefixes);
  if (!asked) return Outcome::nothing();

  const Permission permission = host.pulls().permission(id.repo, comment.author, stop);
  const bool may_write = permission == Permission::Write || permission == Permission::Admin;
  if (!*asked && may_write)
    return explain(id, comment.author, comment.id, asked->error().text(), comment.body, tools_.clock.now());

  // The plan of a push is confirmed wherever it is named: it has no conversation of its own.
  const auto push = *asked ? confirmed_push(tools_, id.repo, (*asked)->call) : std::nullopt;
  change::event::Commanded event;
  if (push) {
    event.now = push->pull;
    event.now.id = id;
  } else {
    event.now = look_at(tools_, id, stop);
  }
  event.may_write = may_write;
  if (*asked) {
    event.call = (*asked)->call;
    event.step = (*asked)->kind->step;
    event.for_everybody = (*asked)->kind->for_everybody;
  }
  const PullId subject = push ? push->pull.id : id;
  if (may_write) event.owner_of = owner_of(tools_, subject, comment.author, stop);
  event.comment = std::move(comment);
  return Outcome::of(subject, std::move(event));
}

Outcome Stale::perform(const Job& job, const Claim&, std::stop_token) {
  const ChangeId id = read_change(JsonReader(job.payload)["change"]);
  return Outcome::of(id.pull, change::event::WentStale{id});
}

}  // namespace slipway::work
