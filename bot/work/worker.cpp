#include "bot/work/worker.h"

#include "bot/work/complete.h"
#include "bot/work/intake.h"
#include "core/failure.h"
#include "core/log.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::work {
namespace {

constexpr std::size_t kIntakeBatch = 64;

/// Doubled with each attempt, half of it by chance, so that jobs that failed together don't come back
/// together.
std::chrono::milliseconds backoff(std::int64_t attempts, Random& random) {
  const auto shift = std::min<std::int64_t>(attempts - 1, 10);
  const auto whole = std::min<std::chrono::milliseconds>(kFirstBackoff * (1 << shift), kMaxBackoff);
  return whole / 2 +
         std::chrono::milliseconds(random.below(static_cast<std::uint64_t>(whole.count() / 2 + 1)));
}

}  // namespace

Steps::Steps(const Tools& tools) {
  for (const Pace pace : kPaces) by_pace_[pace];
  for (const StepKind& kind : step_kinds()) {
    steps_.emplace(kind.kind, Entry{&kind, kind.make(tools)});
    by_pace_[kind.pace].emplace_back(kind.kind);
  }
}

Held::Beating::Beating(Held& held, const Job& job) : held_(held), fence_(job.fence) {
  held_.jobs_.with([&](auto& jobs) { jobs.emplace(fence_, job); });
}

Held::Beating::~Beating() {
  held_.jobs_.change([&](auto& jobs) { jobs.erase(fence_); });
}

std::vector<Job> Held::of_kind(std::string_view kind) const {
  return jobs_.with([&](const auto& jobs) {
    std::vector<Job> out;
    for (const auto& [fence, job] : jobs)
      if (job.kind == kind) out.push_back(job);
    return out;
  });
}

bool Held::wait_for_none(std::string_view kind, std::chrono::steady_clock::time_point deadline) {
  return jobs_.wait_until(deadline, std::stop_token(), [&](const auto& jobs) {
    return std::none_of(jobs.begin(), jobs.end(),
                        [&](const auto& entry) { return entry.second.kind == kind; });
  });
}

void Held::beat(store::Store& store, const store::Lease& lease) {
  const auto jobs = jobs_.with([](auto& held) { return held; });
  if (jobs.empty()) return;
  store.transact([&](store::Transaction& rows) {
    for (const auto& [fence, job] : jobs) rows.jobs.beat(job, lease);
  });
}

Outcome Step::give_up(const Job&, const std::string&) {
  Outcome outcome;
  outcome.dead = true;
  return outcome;
}

Worker::Worker(const Tools& tools, const Steps& steps, Held& held, std::string holder)
    : tools_(tools), steps_(steps), held_(held), holder_(std::move(holder)) {}

store::Lease Worker::lease() const {
  const Time now = tools_.clock.now();
  return {holder_, now, now + kLease};
}

bool Worker::work_one(Pace pace, const Stops& stops) {
  std::optional<Job> job;
  tools_.store.transact(
      [&](store::Transaction& rows) { job = rows.jobs.claim(steps_.of_pace(pace), lease()); });
  if (!job) return false;
  const Held::Beating beating(held_, *job);
  attempt(*job, steps_.kind(job->kind).until_late ? stops.late : stops.soon);
  return true;
}

void Worker::attempt(const Job& job, std::stop_token stop) {
  try {
    const Outcome outcome = steps_.of(job.kind).perform(job, Claim(job), stop);
    if (!complete(tools_, job, outcome)) came_late(job);
  } catch (const Stopped&) {
    // The process ends: the job is done by the next one, as if it had never been claimed.
    tools_.store.transact(
        [&](store::Transaction& rows) { rows.jobs.retry(job, tools_.clock.now(), job.error); });
  } catch (const Failure& failure) {
    failed(job, failure.what(), failure.retry(), failure.retry_after());
  } catch (const std::exception& bug) {
    const std::string reference = tools_.random.hex(8);
    log::error("a job met a bug",
               {{"job", job.kind}, {"lane", job.lane}, {"error", bug.what()}, {"reference", reference}});
    failed(job, fmt::format("internal error, reference {}", reference), Retry::Never, {});
  }
}

void Worker::failed(const Job& job, const std::string& why, Retry retry,
                    std::optional<std::chrono::seconds> after) {
  const bool again = retry == Retry::Later && job.attempts < steps_.kind(job.kind).attempts;
  log::warning(
      again ? "a job failed and is tried again" : "a job failed and is given up",
      {{"job", job.kind}, {"lane", job.lane}, {"attempt", std::to_string(job.attempts)}, {"error", why}});
  if (again) {
    std::chrono::milliseconds wait = backoff(job.attempts, tools_.random);
    if (after) wait = std::max<std::chrono::milliseconds>(wait, *after);
    bool held = true;
    tools_.store.transact(
        [&](store::Transaction& rows) { held = rows.jobs.retry(job, tools_.clock.now() + wait, why); });
    if (!held) came_late(job);
    return;
  }
  Job dead = job;
  dead.error = why;
  if (!complete(tools_, dead, steps_.of(job.kind).give_up(dead, why))) came_late(job);
}

void Worker::came_late(const Job& job) {
  log::warning("the lease of a job was lost; another claim does it", {{"job", job.kind}, {"lane", job.lane}});
  steps_.of(job.kind).came_late(job);
}

std::size_t Worker::take_in() {
  // Read and understood before the transaction, since new deliveries wait for their turn to write.
  std::vector<store::Received> pending;
  tools_.store.read([&](const store::Snapshot& rows) { pending = rows.inbox.pending(kIntakeBatch); });
  if (pending.empty()) return 0;
  std::vector<vcs::Heard> heard;
  for (const store::Received& received : pending) heard.push_back(hear(tools_, received.delivery));

  std::vector<std::string> outcomes;
  tools_.store.transact([&](store::Transaction& rows) {
    outcomes.clear();
    for (std::size_t i = 0; i < pending.size(); ++i) {
      outcomes.push_back(take_up(tools_, rows, heard[i]));
      rows.inbox.handled(pending[i].sequence, outcomes.back());
    }
  });
  for (std::size_t i = 0; i < pending.size(); ++i) {
    const store::Delivery& delivery = pending[i].delivery;
    log::info(outcomes[i], {{"delivery", delivery.id}, {"event", delivery.event}});
  }
  return pending.size();
}

}  // namespace slipway::work
