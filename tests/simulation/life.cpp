#include "tests/simulation/life.h"

namespace slipway::simulation {
namespace {

std::map<std::string, std::unique_ptr<vcs::Host>> make_hosts(Outside& outside, HttpClient& http) {
  std::map<std::string, std::unique_ptr<vcs::Host>> hosts;
  for (const vcs::HostKind& kind : vcs::host_kinds()) {
    if (kind.kind != "github") continue;
    vcs::HostConfig host = outside.forge.config();
    host.name = "github";
    hosts.emplace("github", kind.make(host, http));
  }
  return hosts;
}

std::map<std::string, std::unique_ptr<policies::PolicyEngine>, std::less<>> make_engines(Outside& outside) {
  std::map<std::string, std::unique_ptr<policies::PolicyEngine>, std::less<>> engines;
  if (outside.make_engine) engines.emplace("builtin", outside.make_engine());
  return engines;
}

std::vector<work::NamedHook> make_hooks(Outside& outside) {
  std::vector<work::NamedHook> hooks;
  hooks.push_back({"notes", std::make_unique<NotingHook>(outside.heard)});
  return hooks;
}

}  // namespace

Life::Life(Outside& outside, const Seams& seams, std::string holder)
    : hosts_(make_hosts(outside, seams.forge)),
      engines_(make_engines(outside)),
      hooks_(make_hooks(outside)),
      tools_{outside.config, seams.store,          outside.keyring, outside.clock, outside.random,
             hosts_,         seams.repositories,   seams.terraform, engines_,      outside.query,
             hooks_,         "http://127.0.0.1:1", running_,        budget_,       graphs_,
             repo_files_},
      steps_(tools_),
      worker_(tools_, steps_, held_, std::move(holder)) {}

}  // namespace slipway::simulation
