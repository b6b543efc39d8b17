#pragma once

#include "tests/simulation/scene.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace slipway::simulation {

bool is_writer(const std::string& who);

/// Whether a plan may be applied, by the rules of design.md §4 and from what people did and saw: exact, else
/// parity, else asked for. It knows nothing of how the bot came to its decision.
class Entitlement {
 public:
  Entitlement(Scene& scene, const Change& change, PlanId plan);

  /// Empty: it may.
  std::string why_not();

 private:
  using Changes = std::set<std::string>;  // a digest for each resource that changes, from what to what
  Changes changes_of(const PlanId& plan);
  bool covered_by(const Changes& approved) const;

  std::string denied();
  bool overridden(const Changes& changes);
  std::vector<Changes> confirmed();
  bool asked_for_before_the_merge();
  bool asks_for_the_same(const Sha& head, const Sha& other);
  bool merged_as_shown();
  bool wishes_this(const Model::Command& command);
  bool approved_by_review(std::int64_t pull, const Sha& head, Time by) const;
  std::string made_of_something_else();
  std::string goes_back();
  std::string expired() const;

  Scene& scene_;
  const Change& change_;
  const phase::Applying& applying_;
  PlanId plan_;
  std::int64_t number_;
  std::string dir_;
  const Model::Merge* merge_;
  Changes changes_;
};

}  // namespace slipway::simulation
