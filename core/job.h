#pragma once

#include "core/clock.h"
#include "core/json.h"

#include <cstdint>
#include <string>

namespace slipway {

/// apply > a person's plan > automatic plan > refresh of stale plans. Smaller runs first.
enum class Priority { Apply = 0, Say = 1, PersonsPlan = 2, Plan = 3, Refresh = 4 };

/// A durable step to be done. A claim never takes two jobs of one lane, and a lane keeps its order.
struct NewJob {
  std::string kind = {};  // the name of its registration in bot/work/registry
  std::string lane = {};
  Json payload = {};
  Priority priority = Priority::Plan;
  Time due{};
  /// Not empty: a waiting job with the same key is replaced (the earlier due time stays), so that edits
  /// coalesce.
  std::string key = {};
};

struct Job {
  std::int64_t id = 0;
  std::string kind;
  std::string lane;
  Json payload;
  Priority priority = Priority::Plan;
  Time due{};
  std::string key;
  std::int64_t attempts = 0;  // claims so far, this one included
  std::int64_t fence = 0;     // grows with every claim; the Store checks it at each write of the job
  std::string error;          // of the last attempt
};

enum class JobState { Waiting, Running, Dead };

}  // namespace slipway
