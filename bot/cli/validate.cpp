#include "bot/assembly.h"
#include "bot/cli/cli.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace slipway::cli {
namespace {

/// What the policies and rules themselves say; the number of problems.
int check_policies(const config::Config& config) {
  const auto children = runner::make_children();
  int problems = 0;
  for (const policies::Policy& policy : config.policies) {
    for (const policies::EngineKind& kind : policies::engine_kinds()) {
      if (kind.name != policy.engine) continue;
      const std::string wrong = kind.make(*children)->check(policy);
      if (wrong.empty()) continue;
      std::cerr << config.file << ": policy \"" << policy.name << "\": " << wrong << '\n';
      ++problems;
    }
  }
  return problems;
}

}  // namespace

void add_validate(CLI::App& app, int& code) {
  CLI::App* command =
      app.add_subcommand("validate", "Checks a configuration and explains what is wrong with it");
  command->footer("Example: slipway validate -c slipway.yaml");
  auto file = std::make_shared<std::string>("slipway.yaml");
  auto dir = std::make_shared<std::string>();
  command->add_option("-c,--config", *file, "The configuration (default: slipway.yaml)");
  command->add_option("DIR", *dir, "Where it is looked for when -c is not given");
  command->callback([command, file, dir, &code] {
    const bool named = command->count("-c") > 0;
    const std::string path = named || dir->empty() ? *file : *dir + "/slipway.yaml";
    const config::Config config = config::load_config(path, false);
    code = check_policies(config) == 0 ? kDone : kUsage;
    if (code != kDone) return;
    std::cout << path << ": good. " << config.forges.size() << " forges, " << config.repos.size()
              << " repository entries, " << config.policies.size() << " policies, " << config.machines.size()
              << " machine rules, " << config.hooks.size() << " hooks.\n";
  });
}

}  // namespace slipway::cli
