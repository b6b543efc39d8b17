#include "bot/work/place.h"

#include "core/crypto.h"
#include "core/failure.h"
#include "core/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace slipway::work {
namespace {

constexpr std::size_t kPasswordBytes = 24;

runner::StateAccess grant_state(const Tools& tools, const Change& change, const RunId& run, bool may_write,
                                std::int64_t fence) {
  const StateKey key = change::state_key(change.id);
  const Secret password(to_hex(tools.random.bytes(kPasswordBytes)));
  tools.store.transact([&](store::Transaction& rows) {
    // Whoever lost the lease comes too late: nobody would end what it is given now.
    if (const auto row = rows.runs.find(run); row && row->ended)
      throw Failure(fmt::format("run {} has ended", run), Retry::Later);
    rows.states.grant({sha256_hex(password.reveal()), key, run, may_write, fence});
  });
  return {tools.state_url + "/state/" + state_path(key), run, password};
}

}  // namespace

runner::RunSettings settings_of(const config::RepoConfig& config, const ProjectId& project, Phase phase) {
  runner::RunSettings settings;
  settings.terraform = config.terraform;
  settings.environment = phase == Phase::Plan ? config.plan_environment : config.apply_environment;
  if (const config::ProjectEntry* entry = config.entry(project)) {
    if (!entry->terraform.empty()) settings.terraform = entry->terraform;
    for (const auto& [name, value] : entry->environment) settings.environment.insert_or_assign(name, value);
  }
  settings.terraform_rc = config.terraform_rc;
  settings.backend_config = config.backend_config;
  settings.var_files = config.var_files;
  settings.ignore_noise = config.ignore_noise;
  settings.read_paths = config.read_paths;
  settings.write_paths = config.write_paths;
  settings.limits.wall = phase == Phase::Plan ? config.plan_timeout : config.apply_timeout;
  return settings;
}

std::vector<std::string> terraform_flags(const Change& change, std::vector<std::string> flags) {
  constexpr std::string_view kDestroy = "-destroy";
  if (change.removed && std::find(flags.begin(), flags.end(), kDestroy) == flags.end())
    flags.emplace_back(kDestroy);
  return flags;
}

std::string state_path(const StateKey& key) {
  return fmt::format("{}/{}/{}/{}", key.repo.forge, key.repo.path, key.project.dir, key.project.workspace);
}

Place prepare_place(const Tools& tools, const Change& change, const RunId& run, Phase phase,
                    std::int64_t fence, std::stop_token stop) {
  const config::RepoConfig config = tools.repo(change.id.pull.repo);
  Place place;
  place.checkout = tools.repositories.of(change.id.pull.repo).checkout(change.merge_tree, stop);
  place.run = {run, tools.run_directory(run), place.checkout->path(), change.id.project};
  std::error_code error;
  std::filesystem::create_directories(place.run.directory, error);
  if (error)
    throw Failure(fmt::format("cannot make {}: {}", place.run.directory, error.message()), Retry::Later);
  std::filesystem::permissions(place.run.directory, std::filesystem::perms::owner_all, error);
  place.settings = settings_of(config, change.id.project, phase);
  if (config.state == config::StateMode::Slipway) {
    const auto graph = tools.graphs.of(tools.repositories.of(change.id.pull.repo), change.merge_tree);
    const auto module = graph->modules().find(change.id.project.dir);
    if (module != graph->modules().end() && !module->second.has_backend &&
        change.id.project.workspace == "default")
      place.settings.state = grant_state(tools, change, run, phase == Phase::Apply, fence);
  }
  return place;
}

void clear_place(const runner::RunPlace& place) {
  std::error_code error;
  std::filesystem::remove_all(place.directory, error);
  if (error)
    log::warning("a run's directory can't be removed",
                 {{"path", place.directory}, {"error", error.message()}});
}

std::string variables_digest(const Tools& tools, const config::RepoConfig& config,
                             const runner::RunSettings& settings) {
  // Only what a plan keeps: TF_VAR_* and the var files of the server; those of the tree are part of the tree.
  std::string all;
  for (const auto& [name, value] : settings.environment)
    if (name.starts_with("TF_VAR_")) all += fmt::format("{}={}\n", name, value.reveal());
  for (const std::string& file : config.var_files) {
    all += file + "\n";
    if (!file.starts_with('/')) continue;
    std::ifstream in(file, std::ios::binary);
    all += std::string{std::istreambuf_iterator<char>(in), {}};
  }
  for (const std::string& item : config.backend_config) all += item + "\n";
  return to_hex(hmac_sha256(tools.keyring.derive("variables").reveal(), all));
}

std::string policies_digest(const std::vector<policies::Policy>& policies) {
  Sha256 digest;
  for (const policies::Policy& policy : policies)
    digest.add(fmt::format("{}\n{}\n{}\n{}\n", policy.name, policy.engine, static_cast<int>(policy.level),
                           policy.source));
  return digest.hex();
}

}  // namespace slipway::work
