#include "store/sql/jobs.h"

#include "store/sql/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <compare>

namespace slipway::store {
namespace {

constexpr std::array kPriorities{Priority::Apply, Priority::Say, Priority::PersonsPlan, Priority::Plan,
                                 Priority::Refresh};

/// In the order of a claim: what compares less is more urgent.
struct Candidate {
  std::int64_t priority = 0;
  std::int64_t due = 0;
  std::int64_t id = 0;
  auto operator<=>(const Candidate&) const = default;
};

Candidate read_candidate(const Row& row) {
  Columns in(row);
  return {in.integer(), in.integer(), in.integer()};
}

constexpr std::string_view kJob = "id, kind, lane, payload, priority, due, key, attempts, fence, error";

Job read_job(Columns& in) {
  Job job;
  job.id = in.integer();
  job.kind = in.text();
  job.lane = in.text();
  job.payload = in.json();
  job.priority = static_cast<Priority>(in.integer());
  job.due = in.time();
  job.key = in.text();
  job.attempts = in.integer();
  job.fence = in.integer();
  job.error = in.text();
  return job;
}

Job read_one_job(const Row& row) {
  Columns in(row);
  return read_job(in);
}

/// A probe of the index jobs_claimable for each priority, the most urgent first: an ORDER BY over all of them
/// would walk through the leaders of one that are not due before it comes to the next.
std::string of_each_priority(std::string_view pattern) {
  std::string sql;
  for (const Priority priority : kPriorities) {
    if (!sql.empty()) sql += ", ";
    sql += fmt::format(fmt::runtime(pattern), static_cast<int>(priority));
  }
  return sql;
}

std::string first_due() {
  return fmt::format("SELECT priority, due, id FROM jobs WHERE id = COALESCE({})",
                     of_each_priority("(SELECT id FROM jobs WHERE kind = $1 AND priority = {} AND "
                                      "running = 0 AND leads = 1 AND due <= $2 ORDER BY due, id LIMIT 1)"));
}

std::optional<Candidate> most_urgent(Connection& connection, const std::vector<std::string>& kinds,
                                     Time now) {
  static const std::string kFirstDue = first_due();
  std::optional<Candidate> best;
  const auto consider = [&](const Candidate& found) {
    if (!best || found < *best) best = found;
  };
  for (const std::string& kind : kinds) {
    if (const auto found = connection.one(kFirstDue, {kind, now}, read_candidate)) consider(*found);
  }
  // A running job leads its lane, so one whose lease ran out competes like a leader that is due.
  connection.read("SELECT kind, priority, due, id FROM jobs WHERE running = 1 AND lease_until <= $1", {now},
                  [&](const Row& row) {
                    Columns in(row);
                    const bool wanted = std::find(kinds.begin(), kinds.end(), in.text()) != kinds.end();
                    if (wanted) consider({in.integer(), in.integer(), in.integer()});
                    return true;
                  });
  return best;
}

}  // namespace

void SqlJobs::add(const NewJob& job) {
  connection_.write(
      "INSERT INTO jobs (kind, lane, payload, priority, due, key, leads) VALUES ($1, $2, $3, $4, $5, $6, "
      "CASE WHEN EXISTS (SELECT 1 FROM jobs WHERE lane = $2 AND leads = 1) THEN 0 ELSE 1 END) "
      "ON CONFLICT (lane, key) WHERE running = 0 AND key <> '' DO UPDATE SET "
      "kind = excluded.kind, payload = excluded.payload, attempts = 0, error = '', "
      "priority = CASE WHEN jobs.priority < excluded.priority THEN jobs.priority ELSE excluded.priority END, "
      "due = CASE WHEN jobs.due < excluded.due THEN jobs.due ELSE excluded.due END",
      {job.kind, job.lane, job.payload.dump(), static_cast<int>(job.priority), job.due, job.key});
  brought_work_ = true;
}

std::optional<Job> SqlJobs::claim(const std::vector<std::string>& kinds, const Lease& lease) {
  const auto chosen = most_urgent(connection_, kinds, lease.now);
  if (!chosen) return std::nullopt;
  static const std::string kChosen =
      fmt::format("SELECT (SELECT fence FROM counters), {} FROM jobs WHERE id = $1", kJob);
  std::optional<Job> job = connection_.one(kChosen, {chosen->id}, [](const Row& row) {
    Columns in(row);
    const std::int64_t last_fence = in.integer();
    Job read = read_job(in);
    read.fence = last_fence + 1;
    ++read.attempts;
    return read;
  });
  connection_.write("UPDATE counters SET fence = $1", {job->fence});
  connection_.write(
      "UPDATE jobs SET running = 1, attempts = $2, fence = $3, holder = $4, lease_until = $5 WHERE id = $1",
      {job->id, job->attempts, job->fence, lease.holder, lease.until});
  return job;
}

bool SqlJobs::beat(const Job& job, const Lease& lease) {
  return connection_.write("UPDATE jobs SET lease_until = $3 WHERE id = $1 AND fence = $2 AND running = 1",
                           {job.id, job.fence, lease.until}) > 0;
}

bool SqlJobs::finish(const Job& job) {
  const bool held = connection_.write("DELETE FROM jobs WHERE id = $1 AND fence = $2 AND running = 1",
                                      {job.id, job.fence}) > 0;
  if (held) promote(job.lane);
  return held;
}

bool SqlJobs::retry(const Job& job, Time due, const std::string& error) {
  const auto held = connection_.one("SELECT id FROM jobs WHERE id = $1 AND fence = $2 AND running = 1",
                                    {job.id, job.fence}, [](const Row& row) { return row.integer(0); });
  if (!held) return false;
  if (!job.key.empty()) take_newer(job);
  connection_.write(
      "UPDATE jobs SET running = 0, due = $2, error = $3, holder = '', lease_until = 0 WHERE id = $1",
      {job.id, due, error});
  brought_work_ = true;
  return true;
}

/// While a job ran, one with its key may have been added. The two become one again: what is newer is to be
/// done, where the older stands in the lane.
void SqlJobs::take_newer(const Job& job) {
  struct Newer {
    std::string kind, payload;
    std::int64_t priority = 0;
  };
  const auto newer = connection_.written(
      "DELETE FROM jobs WHERE lane = $1 AND key = $2 AND key <> '' AND running = 0 "
      "RETURNING kind, payload, priority",
      {job.lane, job.key}, [](const Row& row) {
        Columns in(row);
        return Newer{in.text(), in.text(), in.integer()};
      });
  if (!newer) return;
  connection_.write(
      "UPDATE jobs SET kind = $2, payload = $3, "
      "priority = CASE WHEN priority < $4 THEN priority ELSE $4 END WHERE id = $1",
      {job.id, newer->kind, newer->payload, newer->priority});
}

bool SqlJobs::bury(const Job& job, Time now, const std::string& error) {
  const bool held =
      connection_.write(
          "INSERT INTO dead_jobs (id, died, kind, lane, payload, priority, due, key, attempts, fence, "
          "error) SELECT id, $3, kind, lane, payload, priority, due, key, attempts, fence, $4 "
          "FROM jobs WHERE id = $1 AND fence = $2 AND running = 1",
          {job.id, job.fence, now, error}) > 0;
  return held && finish(job);
}

/// The lane lost its leader: the oldest that is left leads now.
void SqlJobs::promote(const std::string& lane) {
  const bool promoted = connection_.write(
                            "UPDATE jobs SET leads = 1 WHERE leads = 0 AND id = (SELECT id FROM jobs "
                            "WHERE lane = $1 ORDER BY id LIMIT 1)",
                            {lane}) > 0;
  brought_work_ = brought_work_ || promoted;
}

std::vector<Job> SqlJobs::in_lane(const std::string& lane) const {
  static const std::string kInLane = fmt::format("SELECT {} FROM jobs WHERE lane = $1 ORDER BY id", kJob);
  return connection_.all(kInLane, {lane}, read_one_job);
}

std::vector<DeadJob> SqlJobs::dead(std::size_t limit) const {
  static const std::string kDead =
      fmt::format("SELECT died, {} FROM dead_jobs ORDER BY died DESC, id DESC LIMIT $1", kJob);
  return connection_.all(kDead, {limit}, [](const Row& row) {
    Columns in(row);
    DeadJob dead;
    dead.died = in.time();
    dead.job = read_job(in);
    return dead;
  });
}

bool SqlJobs::revive(std::int64_t id, Time due) {
  struct Dead {
    std::string kind, lane, payload, key;
    std::int64_t priority = 0;
  };
  const auto dead =
      connection_.written("DELETE FROM dead_jobs WHERE id = $1 RETURNING kind, lane, payload, key, priority",
                          {id}, [](const Row& row) {
                            Columns in(row);
                            return Dead{in.text(), in.text(), in.text(), in.text(), in.integer()};
                          });
  if (!dead) return false;
  // It joins its lane again at the end, since others went on without it. A waiting job with its key is newer,
  // and takes its place.
  connection_.write(
      "INSERT INTO jobs (kind, lane, payload, priority, due, key, leads) VALUES ($1, $2, $3, $4, $5, $6, "
      "CASE WHEN EXISTS (SELECT 1 FROM jobs WHERE lane = $2 AND leads = 1) THEN 0 ELSE 1 END) "
      "ON CONFLICT (lane, key) WHERE running = 0 AND key <> '' DO NOTHING",
      {dead->kind, dead->lane, dead->payload, dead->priority, due, dead->key});
  brought_work_ = true;
  return true;
}

bool SqlJobs::drop_dead(std::int64_t id) {
  return connection_.write("DELETE FROM dead_jobs WHERE id = $1", {id}) > 0;
}

std::size_t SqlJobs::drop_waiting(const std::string& lane, std::string_view kind) {
  const std::size_t dropped = connection_.write(
      "DELETE FROM jobs WHERE lane = $1 AND kind = $2 AND running = 0 AND attempts = 0", {lane, kind});
  if (dropped > 0) promote(lane);
  return dropped;
}

void SqlJobs::release(std::string_view holder_prefix, std::string_view but_holder) {
  const std::size_t released = connection_.write(
      "UPDATE jobs SET lease_until = 0 WHERE running = 1 AND substr(holder, 1, length($1)) = $1 "
      "AND holder <> $2",
      {holder_prefix, but_holder});
  brought_work_ = brought_work_ || released > 0;
}

std::optional<Time> SqlJobs::next_due(const std::vector<std::string>& kinds) const {
  std::optional<Time> next;
  const auto consider = [&](std::optional<Time> due) {
    if (due && (!next || *due < *next)) next = due;
  };
  static const std::string kNextDue =
      fmt::format("SELECT {}", of_each_priority("(SELECT due FROM jobs WHERE kind = $1 AND priority = {} AND "
                                                "running = 0 AND leads = 1 ORDER BY due, id LIMIT 1)"));
  for (const std::string& kind : kinds) {
    connection_.read(kNextDue, {kind}, [&](const Row& row) {
      Columns in(row);
      for (std::size_t level = 0; level < kPriorities.size(); ++level) consider(in.optional_time());
      return true;
    });
  }
  connection_.read("SELECT kind, lease_until FROM jobs WHERE running = 1", {}, [&](const Row& row) {
    Columns in(row);
    if (std::find(kinds.begin(), kinds.end(), in.text()) != kinds.end()) consider(in.time());
    return true;
  });
  return next;
}

std::size_t SqlJobs::count(JobState state) const {
  const auto counted = [&](std::string_view sql) {
    return connection_.one(sql, {}, [](const Row& row) { return Columns(row).size(); }).value();
  };
  switch (state) {
    case JobState::Waiting:
      return counted("SELECT count(*) FROM jobs") - counted("SELECT count(*) FROM jobs WHERE running = 1");
    case JobState::Running:
      return counted("SELECT count(*) FROM jobs WHERE running = 1");
    case JobState::Dead:
      return counted("SELECT count(*) FROM dead_jobs");
  }
  return 0;
}

std::string SqlJobs::check() const {
  std::string words;
  connection_.read(
      "SELECT lane FROM jobs GROUP BY lane "
      "HAVING sum(leads) <> 1 OR min(id) <> max(CASE WHEN leads = 1 THEN id ELSE 0 END)",
      {}, [&](const Row& row) {
        words += fmt::format("jobs: lane {} is not led by its oldest job\n", Columns(row).text());
        return true;
      });
  return words;
}

}  // namespace slipway::store
