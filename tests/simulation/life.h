#pragma once

#include "bot/work/worker.h"
#include "tests/simulation/outside.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace slipway::simulation {

/// What one process of the bot holds in memory, from its start to its end. The seams are what stands between
/// it and the world outside.
class Life {
 public:
  struct Seams {
    store::Store& store;
    HttpClient& forge;
    vcs::Repositories& repositories;
    runner::Terraform& terraform;
  };
  Life(Outside& outside, const Seams& seams, std::string holder);

  const work::Steps& steps() const { return steps_; }
  work::Worker& worker() { return worker_; }
  work::Held& held() { return held_; }

 private:
  std::map<std::string, std::unique_ptr<vcs::Host>> hosts_;
  std::map<std::string, std::unique_ptr<policies::PolicyEngine>, std::less<>> engines_;
  std::vector<work::NamedHook> hooks_;
  work::Running running_;
  work::Budget budget_;
  work::Graphs graphs_;
  work::RepoFiles repo_files_;
  work::Tools tools_;
  work::Steps steps_;
  work::Held held_;
  work::Worker worker_;
};

}  // namespace slipway::simulation
