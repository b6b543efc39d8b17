#include "tests/store/contract.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

using namespace slipway;
using namespace slipway::store;

namespace {

constexpr int kLanes = 6;
constexpr int kJobsOfALane = 12;
constexpr int kWorkers = 6;

/// What the workers did, seen from outside of the store.
class Witness {
 public:
  void begin(const Job& job) {
    const std::lock_guard hold(mutex_);
    is_exclusive_ = busy_.insert(job.lane).second && is_exclusive_;
    done_[job.lane].push_back(static_cast<int>(std::stoi(job.payload.string())));
  }
  void end(const Job& job) {
    const std::lock_guard hold(mutex_);
    busy_.erase(job.lane);
  }
  bool is_exclusive() const { return is_exclusive_; }
  const std::map<std::string, std::vector<int>>& done() const { return done_; }

 private:
  std::mutex mutex_;
  std::set<std::string> busy_;
  std::map<std::string, std::vector<int>> done_;
  bool is_exclusive_ = true;
};

void add_jobs(const AnyStore& store) {
  store->transact([](Transaction& in) {
    for (int number = 0; number < kJobsOfALane; ++number) {
      for (int lane = 0; lane < kLanes; ++lane) {
        in.jobs.add({.kind = "plan",
                     .lane = "lane " + std::to_string(lane),
                     .payload = std::to_string(number),
                     .due = at(0)});
      }
    }
  });
}

}  // namespace

TEST_CASE("many workers do each job once, each lane in its order and by one at a time") {
  const AnyStore store = any_store();
  add_jobs(store);
  Witness witness;
  std::atomic<int> left = kLanes * kJobsOfALane;
  std::vector<std::thread> workers;
  for (int worker = 0; worker < kWorkers; ++worker) {
    workers.emplace_back([&, holder = "worker " + std::to_string(worker)] {
      while (left > 0) {
        const auto job =
            store.write([&](Transaction& in) { return in.jobs.claim({"plan"}, {holder, at(0), at(1000)}); });
        if (!job) {
          store->wait_for_work(std::chrono::milliseconds(20), {});
          continue;
        }
        witness.begin(*job);
        std::this_thread::yield();
        witness.end(*job);
        store->transact([&](Transaction& in) { in.jobs.finish(*job); });
        --left;
      }
    });
  }
  for (std::thread& worker : workers) worker.join();

  CHECK(witness.is_exclusive());
  REQUIRE(witness.done().size() == kLanes);
  std::vector<int> in_order;
  for (int number = 0; number < kJobsOfALane; ++number) in_order.push_back(number);
  for (const auto& [lane, numbers] : witness.done()) CHECK(numbers == in_order);
}

TEST_CASE("workers whose leases run out under them still do each job's last step once") {
  const AnyStore store = any_store();
  add_jobs(store);
  std::atomic<int> now = 0;  // every look at the clock is a second later, so many leases are lost
  std::atomic<int> finished = 0;
  std::vector<std::thread> workers;
  for (int worker = 0; worker < kWorkers; ++worker) {
    workers.emplace_back([&] {
      while (finished < kLanes * kJobsOfALane) {
        const std::int64_t second = ++now;
        const auto job = store.write([&](Transaction& in) {
          return in.jobs.claim({"plan"}, {"here", at(second), at(second + kWorkers)});
        });
        if (job && store.write([&](Transaction& in) { return in.jobs.finish(*job); })) ++finished;
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  CHECK(finished == kLanes * kJobsOfALane);
  CHECK(store.read([](const Snapshot& in) { return in.jobs.count(JobState::Waiting); }) == 0);
  CHECK(store->check_integrity().empty());
}
