#include "bot/work/threads.h"

#include "bot/work/jobs/freeze.h"
#include "bot/work/jobs/reconcile.h"
#include "bot/work/jobs/sweep.h"
#include "core/failure.h"
#include "core/guarded.h"
#include "core/json_reader.h"
#include "core/log.h"

#include <algorithm>

namespace slipway::work {
namespace {

/// Sleeps, but not through a stop.
void pause(std::chrono::milliseconds time, std::stop_token stop) {
  Guarded<bool> never;
  never.wait_until(std::chrono::steady_clock::now() + time, stop, [](bool) { return false; });
}

constexpr std::chrono::seconds kStoreTrouble{1};

/// A store that can't be written for the moment must not end a thread.
template <class Action>
void carry_on(std::string_view doing, std::stop_token stop, Action&& action) {
  try {
    action();
  } catch (const std::exception& error) {
    log::error(doing, {{"error", error.what()}});
    pause(kStoreTrouble, stop);
  }
}

}  // namespace

Threads::Threads(const Tools& tools)
    : tools_(tools), steps_(tools), worker_(tools, steps_, held_, this_holder()) {
  tools_.store.transact([&](store::Transaction& rows) {
    // One process owns the Store at a time: every other holder is dead.
    rows.jobs.release("", worker_.lease().holder);
    const Time now = tools_.clock.now();
    rows.jobs.add(reconcile_job(now));
    // The windows of another configuration may let go what waits.
    look_at_queues(rows, now);
    rows.jobs.add(sweep_job(now + kSweepInterval));
  });
  const Stops stops{soon_.get_token(), late_.get_token()};
  for (const Pace pace : kPaces)
    for (std::size_t i = 0; i < count_of(pace); ++i)
      threads_.emplace_back([this, pace, stops] { run(pace, stops); });
  threads_.emplace_back([this] { take_in(late_.get_token()); });
  threads_.emplace_back([this] { beat(late_.get_token()); });
}

Threads::~Threads() {
  soon_.request_stop();
  late_.request_stop();
}

std::size_t Threads::count_of(Pace pace) const {
  switch (pace) {
    case Pace::Run:
      return tools_.config.workers;
    case Pace::Fetch:
      return kFetchThreads;
    case Pace::Hook:
      return kHookThreads;
    case Pace::Quick:
      return kQuickThreads;
  }
  return 0;
}

std::chrono::milliseconds Threads::idle(Pace pace) const {
  std::optional<Time> due;
  tools_.store.read([&](const store::Snapshot& rows) { due = rows.jobs.next_due(steps_.of_pace(pace)); });
  const std::chrono::milliseconds longest = pace == Pace::Quick ? kVisitorsWait : kIdleWait;
  if (!due) return longest;
  const auto wait = *due - tools_.clock.now();
  return std::clamp<std::chrono::milliseconds>(wait, std::chrono::milliseconds(1), longest);
}

void Threads::run(Pace pace, const Stops& stops) {
  // Terraform's workers take nothing new once plans are stopped; the others speak until the end.
  const std::stop_token end = pace == Pace::Run ? stops.soon : stops.late;
  while (!end.stop_requested()) {
    carry_on("a worker met trouble", end, [&] {
      if (!worker_.work_one(pace, stops)) tools_.store.wait_for_work(idle(pace), end);
    });
  }
}

void Threads::take_in(std::stop_token stop) {
  while (!stop.stop_requested()) {
    carry_on("deliveries can't be taken in", stop, [&] {
      if (worker_.take_in() == 0) tools_.store.wait_for_deliveries(kIdleWait, stop);
    });
  }
}

void Threads::beat(std::stop_token stop) {
  while (!stop.stop_requested()) {
    pause(kHeartbeat, stop);
    carry_on("leases can't be renewed", stop, [&] { held_.beat(tools_.store, worker_.lease()); });
  }
}

void Threads::shut_down(std::chrono::seconds grace) {
  soon_.request_stop();
  using std::chrono::steady_clock;
  if (!held_.wait_for_none("apply", steady_clock::now() + grace)) {
    for (const Job& job : held_.of_kind("apply")) {
      const RunId run = JsonReader(job.payload)["run"].string();
      log::warning("the grace is over: an apply is asked to end", {{"run", run}});
      tools_.terraform.interrupt({run, tools_.run_directory(run), {}, {}});
    }
    held_.wait_for_none("apply", steady_clock::now() + kInterruptWait);
  }
  late_.request_stop();
  threads_.clear();
}

}  // namespace slipway::work
