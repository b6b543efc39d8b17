#include "bot/assembly.h"
#include "bot/cli/cli.h"
#include "bot/config/repo_file.h"
#include "bot/config/yaml.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace slipway::cli {
namespace {

/// What the policies and rules themselves say; the number of problems.
int check_policies(const std::string& file, const std::vector<policies::Policy>& all) {
  const auto children = runner::make_children();
  int problems = 0;
  for (const policies::Policy& policy : all) {
    for (const policies::EngineKind& kind : policies::engine_kinds()) {
      if (kind.name != policy.engine) continue;
      const std::string wrong = kind.make(*children)->check(policy);
      if (wrong.empty()) continue;
      std::cerr << file << ": policy \"" << policy.name << "\": " << wrong << '\n';
      ++problems;
    }
  }
  return problems;
}

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

/// A repository's own file, as a person has it before pushing. The server's policies are not known here.
int check_repo_file(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  const auto read = config::with_repo_file({}, {name, text_of(path), "main"});
  if (!read) {
    std::cerr << read.error().text() << '\n';
    return kUsage;
  }
  if (check_policies(path, read->policies) > 0) return kUsage;
  for (const std::string& note : read->notes) std::cerr << "note: " << note << '\n';
  std::cout << path << ": good, as a repository's own file. " << read->projects.size() << " projects, "
            << read->policies.size() << " policies.\n";
  return kDone;
}

/// The server's configuration names its forges, a repository's file never does.
bool is_repo_file(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  if (name == config::kAtlantisFile) return true;
  if (name != config::kRepoFile || !std::filesystem::exists(path)) return false;
  const Settings settings = config::read_yaml(text_of(path), path);
  return settings.is_map() && settings.find("forges") == nullptr;
}

std::string file_in(const std::string& dir) {
  const std::string own = dir + "/" + std::string(config::kRepoFile);
  const std::string atlantis = dir + "/" + std::string(config::kAtlantisFile);
  return !std::filesystem::exists(own) && std::filesystem::exists(atlantis) ? atlantis : own;
}

}  // namespace

void add_validate(CLI::App& app, int& code) {
  CLI::App* command =
      app.add_subcommand("validate",
                         "Checks a configuration, or a repository's own file, and explains what is "
                         "wrong with it");
  command->footer(
      "Examples: slipway validate -c /etc/slipway/slipway.yaml\n"
      "          slipway validate .    (slipway.yaml or atlantis.yaml of a repository)");
  auto file = std::make_shared<std::string>("slipway.yaml");
  auto dir = std::make_shared<std::string>();
  command->add_option("-c,--config", *file, "The configuration (default: slipway.yaml)");
  command->add_option("DIR", *dir, "Where it is looked for when -c is not given");
  command->callback([command, file, dir, &code] {
    const bool named = command->count("-c") > 0;
    const std::string path = named || dir->empty() ? *file : file_in(*dir);
    if (!named && !dir->empty() && is_repo_file(path)) {
      code = check_repo_file(path);
      return;
    }
    const config::Config config = config::load_config(path, false);
    code = check_policies(path, config.policies) == 0 ? kDone : kUsage;
    if (code != kDone) return;
    std::cout << fmt::format(
        "{}: good. Forges: {}, repository entries: {}, policies: {}, machine rules: {}, hooks: {}.\n", path,
        config.forges.size(), config.repos.size(), config.policies.size(), config.machines.size(),
        config.hooks.size());
  });
}

}  // namespace slipway::cli
