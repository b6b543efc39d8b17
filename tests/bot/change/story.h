#pragma once

#include "bot/change/decide.h"
#include "bot/change/gate.h"
#include "bot/commands/grammar.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace slipway::change {

/// Counts up: runs are "0000000000000001", …
class CountingRandom final : public Random {
 public:
  std::string bytes(std::size_t count) override;

 private:
  std::uint8_t next_ = 0;
};

/// A pull request's story told in events, with what was decided kept as the Store would.
class Story {
 public:
  Story();

  Rules rules;
  Time now = from_millis(1'000'000);
  std::optional<Time> write_at;  // comments are as old as this; else they are written now
  HeldPull pull;
  std::map<ChangeId, Change> changes;
  std::map<PlanId, PlanRecord> plans;
  std::vector<Change> rivals;
  std::map<std::string, phase::Trigger> newest_through;
  std::map<std::string, std::vector<std::string>> depends_on;  // by directory
  std::optional<Withheld> withheld;                            // whatever would begin
  std::vector<Freeze> freezes;
  std::int64_t merge_order = 1;
  std::vector<Action> actions;  // of the last decision

  ChangeId id(const std::string& dir) const { return {pull.pull.id, {dir, "default", {}}}; }
  const Change& change(const std::string& dir) const { return changes.at(id(dir)); }
  std::string state(const std::string& dir) const { return std::string(name_of(change(dir).state)); }
  template <class State>
  const State& in(const std::string& dir) const {
    return std::get<State>(change(dir).state);
  }

  void happens(const Event& event);
  /// Opened at head1, planned, shown: what most stories begin with. Its one project is `net`.
  PlanId ready(const std::string& does = "adds");
  void opened(const Sha& head);
  void prepared(const Sha& head, const std::vector<std::string>& dirs, const std::string& digest = "files:1");
  /// A plan of what is being planned; `does` becomes its semantic digest, "nothing" an empty plan.
  PlanId planned(const std::string& dir, const std::string& does);
  PlanId planned(const std::string& dir, const std::string& does, const std::vector<Verdict>& verdicts);
  PlanId planned(const std::string& dir, PlanRecord record);
  void shown();
  void merged(const std::vector<std::string>& dirs, const std::string& digest = "files:1");
  /// The gate finds what the newest plan was made from, or other files.
  void verified(const std::string& dir, const std::string& digest = "files:1");
  void commented(const std::string& author, const std::string& line, bool may_write = true,
                 std::vector<std::string> owner_of = {});
  /// The same, when the forge has the pull request like this by now.
  void commented_on(const PullRequest& now_there, const std::string& author, const std::string& line,
                    bool may_write = true, std::vector<std::string> owner_of = {});
  void applied(const std::string& dir, std::size_t hooks = 0);

  template <class Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> out;
    for (const Action& act : actions)
      if (const auto* one = std::get_if<Kind>(&act)) out.push_back(*one);
    return out;
  }
  template <class Kind>
  bool has() const {
    return !all<Kind>().empty();
  }

 private:
  std::vector<event::FoundProject> found(const std::vector<std::string>& dirs,
                                         const std::string& digest) const;

  CountingRandom random_;
  int next_plan_ = 0;
};

}  // namespace slipway::change
