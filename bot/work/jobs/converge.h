#pragma once

#include "bot/work/step.h"
#include "core/guarded.h"

#include <map>
#include <string>
#include <vector>

namespace slipway::work {

/// Makes one sink that is a projection equal to the recorded states: a file that somebody deleted comes back,
/// and a server restored from a backup is brought up to date. What fails is tried again by the reconciler,
/// and said in the log once until it fails otherwise or is mended.
class Converge final : public Step {
 public:
  explicit Converge(const Tools& tools) : tools_(tools) {}
  Outcome perform(const Job& job, const Claim& claim, std::stop_token stop) override;

 private:
  void note(const std::string& sink, const std::string& failure);

  const Tools& tools_;
  Guarded<std::map<std::string, std::string>> failures_;  // by sink, as said last
};

/// One for each projection among the hooks.
std::vector<NewJob> converge_jobs(const Tools& tools);

}  // namespace slipway::work
