#pragma once

#include "bot/work/step.h"
#include "core/failure.h"
#include "core/guarded.h"

#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace slipway::work {

inline constexpr std::chrono::seconds kLease{30};
inline constexpr std::chrono::seconds kHeartbeat{8};

/// All steps, made once.
class Steps {
 public:
  explicit Steps(const Tools& tools);
  Step& of(const std::string& kind) const { return *steps_.at(kind).step; }
  const StepKind& kind(const std::string& name) const { return *steps_.at(name).kind; }
  const std::vector<std::string>& of_pace(Pace pace) const { return by_pace_.at(pace); }

 private:
  struct Entry {
    const StepKind* kind;
    std::unique_ptr<Step> step;
  };
  std::map<std::string, Entry> steps_;
  std::map<Pace, std::vector<std::string>> by_pace_;
};

/// Claims that this process holds, for the one thread that beats their hearts.
class Held {
 public:
  /// A claim's heart beats as long as this lives, whatever else happens: a job that nobody works on must lose
  /// its lease.
  class Beating {
   public:
    Beating(Held& held, const Job& job);
    ~Beating();
    Beating(const Beating&) = delete;
    Beating& operator=(const Beating&) = delete;

   private:
    Held& held_;
    std::int64_t fence_;
  };
  /// Renews every lease that is still held.
  void beat(store::Store& store, const store::Lease& lease);
  std::vector<Job> of_kind(std::string_view kind) const;
  /// Waits until none of this kind is held. False: the deadline came first.
  bool wait_for_none(std::string_view kind, std::chrono::steady_clock::time_point deadline);

 private:
  Guarded<std::map<std::int64_t, Job>> jobs_;  // by fence: this process may claim a job a second time
};

/// At a shutdown plans stop soon, and are made again; what must not be cut goes on until late.
struct Stops {
  std::stop_token soon;
  std::stop_token late;
};

/// Claim → perform → complete, once. Returns false when nothing was due. Shared by the threads and the
/// simulation.
class Worker {
 public:
  Worker(const Tools& tools, const Steps& steps, Held& held, std::string holder);

  bool work_one(Pace pace, const Stops& stops);
  /// Hears deliveries that were recorded and turns each into jobs. Returns how many.
  std::size_t take_in();
  store::Lease lease() const;

 private:
  void attempt(const Job& job, std::stop_token stop);
  void came_late(const Job& job);
  void failed(const Job& job, const std::string& why, Retry retry, std::optional<std::chrono::seconds> after);

  const Tools& tools_;
  const Steps& steps_;
  Held& held_;
  std::string holder_;
};

/// host, boot id, pid and start time of this process: tells whether a holder can still be alive.
std::string this_holder();

}  // namespace slipway::work
