#pragma once

#include "bot/config/config.h"
#include "bot/work/base_config.h"
#include "bot/work/budget.h"
#include "bot/work/graphs.h"
#include "bot/work/running.h"
#include "core/clock.h"
#include "core/query.h"
#include "core/random.h"
#include "core/sealed.h"
#include "hooks/hook.h"
#include "policies/engine.h"
#include "runner/terraform.h"
#include "store/store.h"
#include "vcs/host.h"
#include "vcs/repository.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace slipway::work {

struct NamedHook {
  std::string name;
  std::unique_ptr<hooks::Hook> hook;
};

/// What steps work with: the seams, filled by bot/assembly.cpp or by a test. Everything outlives the workers.
struct Tools {
  const config::Config& config;
  store::Store& store;
  const Keyring& keyring;
  Clock& clock;
  Random& random;
  const std::map<std::string, std::unique_ptr<vcs::Host>>& hosts;
  vcs::Repositories& repositories;
  runner::Terraform& terraform;
  const std::map<std::string, std::unique_ptr<policies::PolicyEngine>, std::less<>>& engines;
  Query& query;
  const std::vector<NamedHook>& hooks;
  std::string state_url;  // root under which runs reach /state/…; no slash at its end
  Running& running;
  Budget& budget;
  Graphs& graphs;
  RepoFiles& repo_files;

  /// Throws Failure(Never) when the config no longer knows it.
  vcs::Host& host(const std::string& forge) const;
  /// Throws Failure(Never) when the repository is no longer listed.
  config::RepoConfig repo(const RepoId& id) const;
  std::string run_directory(const RunId& run) const { return config.data_dir + "/runs/" + run; }
  std::string run_url(const RunId& run) const { return config.public_url + "/runs/" + run; }
  std::string pull_url(const PullId& pull) const;
};

}  // namespace slipway::work
