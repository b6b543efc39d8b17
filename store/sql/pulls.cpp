#include "store/sql/pulls.h"

#include "core/failure.h"
#include "core/plan_members.h"
#include "core/record.h"
#include "store/sql/columns.h"

#include <fmt/format.h>

namespace slipway {

template <>
inline constexpr auto kWords<PullState> = std::array<std::string_view, 3>{"open", "merged", "closed"};

template <>
inline constexpr auto kMembers<Review> =
    std::tuple(member("author", &Review::author), member("approved", &Review::approved),
               member("commit", &Review::commit), member("at", &Review::at));

template <>
inline constexpr auto kMembers<PullRequest> = std::tuple(
    member("id", &PullRequest::id), member("title", &PullRequest::title),
    member("author", &PullRequest::author), member("url", &PullRequest::url),
    member("state", &PullRequest::state), member("draft", &PullRequest::draft),
    member("from_fork", &PullRequest::from_fork), member("author_may_write", &PullRequest::author_may_write),
    member("base_branch", &PullRequest::base_branch), member("base", &PullRequest::base),
    member("head_branch", &PullRequest::head_branch), member("head", &PullRequest::head),
    member("mergeable", &PullRequest::mergeable), member("merge_commit", &PullRequest::merge_commit),
    member("merged_by", &PullRequest::merged_by), member("merged_at", &PullRequest::merged_at),
    member("updated", &PullRequest::updated), member("reviews", &PullRequest::reviews));

template <>
inline constexpr auto kMembers<QueueGroup> =
    std::tuple(member("commit", &QueueGroup::commit), member("base", &QueueGroup::base),
               member("branch", &QueueGroup::branch));

template <>
inline constexpr auto kMembers<HeldPull> =
    std::tuple(member("pull", &HeldPull::pull), member("planned_head", &HeldPull::planned_head),
               member("planned_base", &HeldPull::planned_base), member("merge_base", &HeldPull::merge_base),
               member("merge_tree", &HeldPull::merge_tree), member("conflicts", &HeldPull::conflicts),
               member("notes", &HeldPull::notes), member("waits_for", &HeldPull::waits_for),
               member("admitted_head", &HeldPull::admitted_head), member("settled", &HeldPull::settled),
               member("head_since", &HeldPull::head_since), member("group", &HeldPull::group),
               member("revision", &HeldPull::revision));

}  // namespace slipway

namespace slipway::store {
namespace {

PullRow read_pull(const Row& row) {
  Columns in(row);
  PullRow pull = undamaged(record_from<HeldPull>(in.json()));
  pull.revision = in.integer();
  return pull;
}

}  // namespace

std::optional<PullRow> SqlPulls::find(const PullId& id) const {
  return connection_.one("SELECT held, revision FROM pulls WHERE forge = $1 AND repo = $2 AND number = $3",
                         {id.repo.forge, id.repo.path, id.number}, read_pull);
}

void SqlPulls::save(const PullRow& row) {
  const PullId& id = row.pull.id;
  const std::string held = write_record(row).dump();
  const std::size_t saved =
      row.revision == 0
          ? connection_.write(
                "INSERT INTO pulls (forge, repo, number, settled, updated, held, revision) "
                "VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT (forge, repo, number) DO NOTHING",
                {id.repo.forge, id.repo.path, id.number, row.settled, row.pull.updated, held})
          : connection_.write(
                "UPDATE pulls SET settled = $4, updated = $5, held = $6, revision = revision + 1 "
                "WHERE forge = $1 AND repo = $2 AND number = $3 AND revision = $7",
                {id.repo.forge, id.repo.path, id.number, row.settled, row.pull.updated, held, row.revision});
  if (saved == 0) throw Failure(fmt::format("{} was changed by somebody else", to_string(id)), Retry::Later);
}

std::vector<PullRow> SqlPulls::open(const RepoId& repo) const {
  return connection_.all(
      "SELECT held, revision FROM pulls WHERE forge = $1 AND repo = $2 AND settled = 0 ORDER BY updated DESC",
      {repo.forge, repo.path}, read_pull);
}

std::vector<PullRow> SqlPulls::recent(std::size_t limit) const {
  return connection_.all("SELECT held, revision FROM pulls ORDER BY updated DESC LIMIT $1", {limit},
                         read_pull);
}

std::optional<RepoRow> SqlPulls::repo(const RepoId& id, const std::string& branch) const {
  return connection_.one(
      "SELECT forge, repo, branch, baseline, seen, pulls_since, accounted, counted_from, place, seen_at FROM "
      "repos "
      "WHERE forge = $1 AND repo = $2 AND branch = $3",
      {id.forge, id.path, branch}, [](const Row& row) {
        Columns in(row);
        return RepoRow{in.repo(), in.text(), in.text(),    in.text(), in.time(),
                       in.text(), in.text(), in.integer(), in.time()};
      });
}

void SqlPulls::save_repo(const RepoRow& row) {
  connection_.write(
      "INSERT INTO repos (forge, repo, branch, baseline, seen, pulls_since, accounted, counted_from, place, "
      "seen_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (forge, repo, branch) "
      "DO UPDATE SET baseline = excluded.baseline, seen = excluded.seen, pulls_since = excluded.pulls_since, "
      "accounted = excluded.accounted, counted_from = excluded.counted_from, place = excluded.place, "
      "seen_at = excluded.seen_at",
      {row.repo.forge, row.repo.path, row.branch, row.baseline, row.seen, row.pulls_since, row.accounted,
       row.counted_from, row.place, row.seen_at});
}

}  // namespace slipway::store
