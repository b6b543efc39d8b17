#include "tests/store/contract.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <tuple>

using namespace slipway;
using namespace slipway::store;

namespace {

/// The queue as one would write it without an index: a list, looked through from its beginning each time.
class Model {
 public:
  struct Entry {
    std::string name, lane, kind, key;
    int priority = 0;
    std::int64_t due = 0, until = 0;
    bool runs = false;
    int attempts = 0;
    int claimed_as = 0;  // tells one claim from the next
  };

  void add(Entry added) {
    for (Entry& entry : live_) {
      if (added.key.empty() || entry.runs || entry.lane != added.lane || entry.key != added.key) continue;
      entry.name = added.name;
      entry.kind = added.kind;
      entry.priority = std::min(entry.priority, added.priority);
      entry.due = std::min(entry.due, added.due);
      entry.attempts = 0;
      return;
    }
    live_.push_back(std::move(added));
  }

  const Entry* claim(const std::vector<std::string>& kinds, std::int64_t now, std::int64_t until) {
    Entry* best = nullptr;
    for (Entry& entry : live_) {
      if (&entry != &oldest(entry.lane)) continue;
      if (std::find(kinds.begin(), kinds.end(), entry.kind) == kinds.end()) continue;
      if (entry.runs ? entry.until > now : entry.due > now) continue;
      if (best == nullptr || std::tie(entry.priority, entry.due) < std::tie(best->priority, best->due))
        best = &entry;
    }
    if (best == nullptr) return nullptr;
    best->runs = true;
    best->until = until;
    ++best->attempts;
    best->claimed_as = ++claims_;
    return best;
  }

  bool beat(int claim, std::int64_t until) {
    Entry* entry = held(claim);
    if (entry != nullptr) entry->until = until;
    return entry != nullptr;
  }
  bool finish(int claim) {
    return std::erase_if(live_, [&](const Entry& entry) { return entry.runs && entry.claimed_as == claim; }) >
           0;
  }
  bool retry(int claim, std::int64_t due) {
    Entry* entry = held(claim);
    if (entry == nullptr) return false;
    const auto newer = std::find_if(live_.begin(), live_.end(), [&](const Entry& other) {
      return !other.runs && !other.key.empty() && other.key == entry->key && other.lane == entry->lane;
    });
    entry->due = due;
    if (newer != live_.end()) {
      entry->name = newer->name;
      entry->kind = newer->kind;
      entry->priority = std::min(entry->priority, newer->priority);
      entry->runs = false;
      live_.erase(newer);
    } else {
      entry->runs = false;
    }
    return true;
  }
  std::size_t drop_waiting(const std::string& lane, const std::string& kind) {
    return std::erase_if(live_, [&](const Entry& entry) {
      return !entry.runs && entry.lane == lane && entry.kind == kind && entry.attempts == 0;
    });
  }
  std::vector<std::string> in_lane(const std::string& lane) const {
    std::vector<std::string> names;
    for (const Entry& entry : live_) {
      if (entry.lane == lane) names.push_back(entry.name);
    }
    return names;
  }

 private:
  Entry& oldest(const std::string& lane) {
    return *std::find_if(live_.begin(), live_.end(), [&](const Entry& entry) { return entry.lane == lane; });
  }
  Entry* held(int claim) {
    const auto found = std::find_if(live_.begin(), live_.end(), [&](const Entry& entry) {
      return entry.runs && entry.claimed_as == claim;
    });
    return found == live_.end() ? nullptr : &*found;
  }

  std::vector<Entry> live_;  // oldest first
  int claims_ = 0;
};

/// One run of random steps, which the store must answer as the model does.
class Race {
 public:
  Race(const AnyStore& store, unsigned seed) : store_(store), random_(seed) {}

  void step(int number) {
    now_ += below(3);
    switch (below(8)) {
      case 0:
      case 1:
      case 2:
        return add(number);
      case 3:
      case 4:
        return claim();
      case 5:
        return finish();
      case 6:
        return retry();
      default:
        return below(2) == 0 ? beat() : drop();
    }
  }

  void check_lanes() {
    for (const std::string& lane : kLanes) {
      std::vector<std::string> names;
      for (const Job& job : store_.read([&](const Snapshot& in) { return in.jobs.in_lane(lane); })) {
        names.push_back(job.payload.string());
      }
      REQUIRE(names == model_.in_lane(lane));
    }
  }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  const std::string& any(const std::vector<std::string>& from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }

  void add(int number) {
    const Model::Entry entry{.name = std::to_string(number),
                             .lane = any(kLanes),
                             .kind = any(kKinds),
                             .key = any(kKeys),
                             .priority = below(5),
                             .due = now_ + below(12) - 4};
    model_.add(entry);
    store_->transact([&](Transaction& in) {
      in.jobs.add({entry.kind, entry.lane, entry.name, static_cast<Priority>(entry.priority), at(entry.due),
                   entry.key});
    });
  }
  void claim() {
    const std::vector<std::string> kinds = below(2) == 0 ? kKinds : std::vector<std::string>{any(kKinds)};
    const Model::Entry* expected = model_.claim(kinds, now_, now_ + 6);
    const auto claimed =
        store_.write([&](Transaction& in) { return in.jobs.claim(kinds, {"here", at(now_), at(now_ + 6)}); });
    REQUIRE(claimed.has_value() == (expected != nullptr));
    if (expected == nullptr) return;
    REQUIRE(claimed->payload.string() == expected->name);
    REQUIRE(claimed->attempts == expected->attempts);
    claimed_.push_back(*claimed);
  }
  /// Any claim there ever was, the last ones more often: most of the older were lost.
  std::size_t any_claim() {
    const int count = static_cast<int>(claimed_.size());
    return static_cast<std::size_t>(below(2) == 0 ? below(count) : count - 1 - below(std::min(count, 4)));
  }
  void finish() {
    if (claimed_.empty()) return;
    const std::size_t index = any_claim();
    const bool expected = model_.finish(static_cast<int>(index) + 1);
    REQUIRE(store_.write([&](Transaction& in) { return in.jobs.finish(claimed_[index]); }) == expected);
  }
  void retry() {
    if (claimed_.empty()) return;
    const std::size_t index = any_claim();
    const std::int64_t due = now_ + below(8);
    const bool expected = model_.retry(static_cast<int>(index) + 1, due);
    REQUIRE(store_.write([&](Transaction& in) {
      return in.jobs.retry(claimed_[index], at(due), "failed");
    }) == expected);
  }
  void beat() {
    if (claimed_.empty()) return;
    const std::size_t index = any_claim();
    const bool expected = model_.beat(static_cast<int>(index) + 1, now_ + 6);
    REQUIRE(store_.write([&](Transaction& in) {
      return in.jobs.beat(claimed_[index], {"here", at(now_), at(now_ + 6)});
    }) == expected);
  }
  void drop() {
    const std::string lane = any(kLanes);
    const std::string kind = any(kKinds);
    const std::size_t expected = model_.drop_waiting(lane, kind);
    REQUIRE(store_.write([&](Transaction& in) { return in.jobs.drop_waiting(lane, kind); }) == expected);
  }

  const std::vector<std::string> kLanes = {"a", "b", "c", "d"};
  const std::vector<std::string> kKinds = {"plan", "say"};
  const std::vector<std::string> kKeys = {"", "", "key", "other"};
  const AnyStore& store_;
  std::minstd_rand random_;
  Model model_;
  std::int64_t now_ = 0;
  std::vector<Job> claimed_;  // the n-th claim of the model at n - 1
};

}  // namespace

TEST_CASE("the queue answers like a plain list that is looked through from its beginning") {
  for (const Implementation& implementation : implementations()) {
    // Where each step waits for the disk, a few must do: the rows are asked for in the same words.
    const unsigned seeds = implementation.has_threads ? 1 : 40;
    for (unsigned seed = 1; seed <= seeds; ++seed) {
      CAPTURE(implementation.name, seed);
      const AnyStore store(implementation);
      Race race(store, seed);
      for (int number = 0; number < 300; ++number) race.step(number);
      race.check_lanes();
      REQUIRE(store->check_integrity().empty());
    }
  }
}
