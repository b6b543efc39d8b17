#include "bot/work/intake.h"

#include "bot/commands/grammar.h"
#include "bot/work/claim.h"
#include "bot/work/enact.h"
#include "bot/work/jobs/branch.h"
#include "bot/work/payload.h"

#include <fmt/format.h>

namespace slipway::work {
namespace {

class TakingUp {
 public:
  TakingUp(const Tools& tools, store::Transaction& rows)
      : tools_(tools), rows_(rows), now_(tools.clock.now()) {}

  std::string operator()(const vcs::heard::PullTouched& heard) {
    if (!listed(heard.pull.repo)) return unlisted(heard.pull.repo);
    rows_.jobs.add(look_job(heard.pull, change::Cause::Webhook, Priority::PersonsPlan, now_));
    return "look at " + to_string(heard.pull);
  }

  std::string operator()(const vcs::heard::Commented& heard) {
    if (!listed(heard.pull.repo)) return unlisted(heard.pull.repo);
    if (heard.on_issue && !confirms_push(heard))
      return "ignored: of an issue, and no `apply` of a plan that waits there";
    return take_comment(tools_, rows_, heard.pull, heard.comment)
               ? fmt::format("a command on {}", to_string(heard.pull))
               : "ignored: the comment is no command, or was acted on before";
  }

  std::string operator()(const vcs::heard::BranchMoved& heard) {
    if (!listed(heard.repo)) return unlisted(heard.repo);
    if (tools_.repo(heard.repo).counts(heard.branch))
      rows_.jobs.add(branch_job({heard.repo, heard.branch}, now_));
    std::size_t looks = 0;
    for (const store::PullRow& row : rows_.pulls.open(heard.repo)) {
      if (row.pull.base_branch != heard.branch) continue;
      rows_.jobs.add(look_job(row.pull.id, change::Cause::BaseMoved, Priority::Refresh, now_));
      ++looks;
    }
    return fmt::format("{} of {} moved: {} open pull requests are looked at", heard.branch,
                       to_string(heard.repo), looks);
  }

  std::string operator()(const vcs::heard::GroupAsked& heard) {
    if (!listed(heard.repo)) return unlisted(heard.repo);
    rows_.jobs.add(
        group_job(heard.repo, heard.base_branch, {heard.head, heard.base, heard.branch}, heard.number, now_));
    return fmt::format("the merge queue asks about {}", short_sha(heard.head));
  }

  std::string operator()(const vcs::heard::Ignored& heard) { return "ignored: " + heard.why; }

 private:
  bool confirms_push(const vcs::heard::Commented& heard) const {
    const auto asked = commands::parse_comment(heard.comment.body, tools_.config.command_prefixes);
    return asked && *asked && push_to_confirm(rows_, heard.pull.repo, (*asked)->call);
  }
  bool listed(const RepoId& repo) const { return tools_.config.repo(repo).has_value(); }
  static std::string unlisted(const RepoId& repo) {
    return fmt::format("ignored: {} matches no entry of `repos:`", to_string(repo));
  }

  const Tools& tools_;
  store::Transaction& rows_;
  Time now_;
};

}  // namespace

std::optional<HeldPull> push_to_confirm(const store::Snapshot& rows, const RepoId& repo,
                                        const change::Call& call) {
  if (call.command != "apply" || call.words.size() != 1) return {};
  const auto plan = rows.plans.find(call.words.front());
  if (!plan || !is_push(plan->change.pull) || plan->change.pull.repo != repo) return {};
  return rows.pulls.find(plan->change.pull);
}

bool take_comment(const Tools& tools, store::Transaction& rows, const PullId& pull, const Comment& comment) {
  if (!commands::parse_comment(comment.body, tools.config.command_prefixes)) return false;
  if (!rows.said.first_time(pull, comment.id)) return false;
  rows.jobs.add(
      {.kind = "command",
       .lane = pull_lane(pull),
       .payload = Json::object({{"pull", write(pull)},
                                {"comment", comment.id},
                                {"author", comment.author},
                                {"body", comment.body.substr(0, comment.body.find_first_of("\r\n"))},
                                {"at", to_millis(comment.at)}}),
       .priority = Priority::PersonsPlan,
       .due = tools.clock.now()});
  return true;
}

vcs::Heard hear(const Tools& tools, const store::Delivery& delivery) {
  const auto host = tools.hosts.find(delivery.forge);
  if (host == tools.hosts.end())
    return vcs::heard::Ignored{fmt::format("the forge \"{}\" is not in the config", delivery.forge)};
  const auto heard = host->second->deliveries().hear(delivery.headers, delivery.body);
  return heard ? *heard : vcs::heard::Ignored{heard.error().text()};
}

std::string take_up(const Tools& tools, store::Transaction& rows, const vcs::Heard& heard) {
  return std::visit(TakingUp(tools, rows), heard);
}

}  // namespace slipway::work
