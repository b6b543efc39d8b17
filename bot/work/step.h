#pragma once

#include "bot/change/event.h"
#include "bot/work/claim.h"
#include "bot/work/tools.h"
#include "core/job.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::work {

/// What a step brings back. It becomes rows in one transaction with the end of its job.
struct Outcome {
  /// What happened to which pull request: `decide` says what follows.
  std::optional<PullId> subject;
  std::optional<change::Event> event;
  /// Rows of its own; may run twice.
  std::function<void(store::Transaction&)> rows;
  /// Not done yet, and nobody's fault: the job waits until then.
  std::optional<Time> again;
  /// Given up, and a person should see it: the job stays as a dead one.
  bool dead = false;
  /// Done after the commit, by this process: what must not be gone before (a run's directory). A crash may
  /// skip it.
  std::function<void()> afterwards;

  static Outcome nothing() { return {}; }
  static Outcome of(PullId pull, change::Event event) {
    Outcome outcome;
    outcome.subject = std::move(pull);
    outcome.event = std::move(event);
    return outcome;
  }
  static Outcome wait_until(Time due) {
    Outcome outcome;
    outcome.again = due;
    return outcome;
  }
};

/// Who waits for whom: each pace has threads of its own, so that what takes long silences nobody.
enum class Pace {
  Run,    // Terraform: one worker each, of `workers`
  Fetch,  // git servers, which may hang until a named limit
  Hook,   // a playbook, a machine that boots: minutes
  Quick,  // decisions, and what is said
};
inline constexpr std::array kPaces{Pace::Quick, Pace::Fetch, Pace::Hook, Pace::Run};

/// One kind of job. `perform` touches the world and writes no rows but those of its run and log: it may be
/// cut at any instruction and comes again.
class Step {
 public:
  virtual ~Step() = default;
  virtual Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) = 0;
  /// After the last attempt, or a failure that trying again can't mend.
  virtual Outcome give_up(const Job& job, const std::string& why);
  /// Its lease was lost meanwhile: another claim did it, maybe before what this one said to the world, which
  /// is older.
  virtual void came_late(const Job&) {}
};

struct StepKind {
  std::string_view kind;
  Pace pace = Pace::Quick;
  std::int64_t attempts = 8;  // before it is given up; the waits between them grow to kMaxBackoff
  bool until_late = true;     // at a shutdown: false, it is stopped at once and done again by the next start
  std::unique_ptr<Step> (*make)(const Tools& tools);
};
const std::vector<StepKind>& step_kinds();

inline constexpr std::chrono::seconds kFirstBackoff{2};
inline constexpr std::chrono::seconds kMaxBackoff{300};

template <class T>
std::unique_ptr<Step> make_step(const Tools& tools) {
  return std::make_unique<T>(tools);
}

}  // namespace slipway::work
