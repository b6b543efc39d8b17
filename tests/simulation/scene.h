#pragma once

#include "core/change.h"
#include "core/plan_record.h"
#include "tests/simulation/database.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/model.h"
#include "tests/simulation/outside.h"
#include "tests/simulation/process.h"
#include "tests/simulation/trace.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace slipway::simulation {

inline constexpr std::string_view kMain = "refs/heads/main";

/// A rule that did not hold.
struct Violation {
  std::string rule;  // "I1: one apply at a time"
  std::string what;
};

/// A job's row, as plain SQL tells it.
struct JobRow {
  std::int64_t id = 0;
  std::string kind;
  std::string lane;
  std::string payload;
  std::int64_t due = 0;
  bool leads = false;
  bool running = false;
  std::int64_t fence = 0;
  std::string holder;
  std::int64_t lease_until = 0;
};

/// The Store's rows as they were after the last commit.
struct Rows {
  std::map<std::int64_t, JobRow> jobs;
  std::map<std::string, Change> changes;  // by to_string(id)
  bool deliveries_wait = false;
};

/// A webhook on its way.
struct Letter {
  std::string id;
  std::string event;
  std::string body;
  std::string about;  // for the trace
};

/// Everything of one story: the world outside, the Store, the bot's processes, and what the model knows.
class Scene {
 public:
  Scene(std::uint64_t seed, const Tampering& tampering, bool traced);
  ~Scene();

  Dice dice;
  Habits habits;
  Outside outside;
  Trace trace;
  Database database;
  Model model;
  Weather weather;
  std::vector<Letter> letters;
  std::vector<std::unique_ptr<Process>> processes;
  std::vector<Violation> violations;
  Rows rows;
  std::string writer;    // the process that made the last step
  std::set<RunId> late;  // applies begun by somebody whose lease was lost

  Time now() const { return outside.clock.time; }
  void pass(std::chrono::milliseconds time);  // hearts beat meanwhile
  work::FakeRepository& git() { return outside.git(); }
  vcs::FakeGithub::Pull& pull(std::int64_t number);
  Sha base_head() { return *git().head(std::string(kMain)); }
  std::vector<std::int64_t> pulls_in(std::string_view state);  // open, closed, merged
  /// The one comment's text; empty when there is none.
  std::string sticky(std::int64_t number);
  std::vector<std::string> stickies(std::int64_t number);

  void start_process(const std::string& dead_holder = {});
  /// Reads what the last commit changed.
  bool refresh();
  std::optional<PlanRecord> plan(const PlanId& id);
  const SimulatedTerraform::Made* made(const PlanId& id);
  /// Jobs that the last commit ended, or put back, as they were held before it.
  const std::vector<JobRow>& jobs_ended() const { return ended_; }
  /// The bot has heard this command and acted on it.
  bool acted_on(const Model::Command& command);
  /// A freeze held this project back when this job was claimed, and still does.
  bool frozen_before(const std::string& dir, std::int64_t fence) const;
  /// A freeze holds this project back until a person ends it.
  bool frozen_for_good(const std::string& dir) const;
  /// What a freeze covers that nobody ended: a directory, or all ("").
  std::optional<std::string> some_freeze() const;
  /// Somebody whose lease was lost spoke on this pull request.
  bool may_be_said_twice(std::int64_t number) const;
  /// Somebody whose lease was lost spoke of this commit, or on the pull request of this number, and died
  /// before he could know that he came too late.
  bool may_be_out_of_date(const std::string& about) const;

  void violate(std::string rule, std::string what);
  bool failed() const { return !violations.empty(); }

 private:
  void tell_of_jobs(const std::map<std::int64_t, JobRow>& before);
  void note_what_was_said();
  void note_late_words(const Process& speaker, const HttpRequest& request);
  std::int64_t pull_of_comment(const std::string& id);
  void keeper_starts(SimulatedTerraform::Kept& kept, const LockProof& lock);

  void refresh_freezes();

  struct StandingFreeze {
    std::string dir;         // empty: all
    Time until{};            // none: nobody knows
    std::int64_t begun = 0;  // the number of the commit
  };
  struct LateWords {
    std::string speaker;
    std::string about;  // a pull request's number, or a commit
    bool is_new = false;
  };

  std::vector<StandingFreeze> freezes_;
  std::map<std::int64_t, std::int64_t> taken_;  // by a claim's fence: the number of its commit
  std::vector<LateWords> late_words_;
  std::map<std::int64_t, std::vector<std::string>> last_said_;
  std::int64_t seen_commits_ = -1;
  std::map<std::string, std::string> revisions_;
  std::vector<JobRow> ended_;
  int lives_ = 0;
};

/// A seed's character.
Habits habits_of(Dice& dice);

}  // namespace slipway::simulation
