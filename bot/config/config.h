#pragma once

#include "bot/change/rules.h"
#include "bot/config/calendar.h"
#include "core/ids.h"
#include "core/secret.h"
#include "core/settings.h"
#include "hooks/hook.h"
#include "policies/engine.h"
#include "state/state.h"
#include "vcs/host.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::config {

/// slipway.yaml, read and checked (contract.md). Unknown keys are errors with a suggestion.

/// Who may read what: open, or tokens.
struct AccessToken {
  std::string name;
  Secret token;
  std::vector<std::string> may;  // sd, inventory, pages, metrics, api
};
struct Access {
  bool open = true;
  std::vector<AccessToken> tokens;
};

struct ForgeConfig {
  std::string kind;
  vcs::HostConfig host;
};

struct HookConfig {
  std::string kind;
  std::string name;  // of the sink: the kind, or its `name:`
  Settings settings;
};

/// A project that the config names itself, or the repository's file does.
struct ProjectEntry {
  ProjectId id;  // its directory may be a pattern, where a repository's file has no name for it
  std::vector<std::string> when_modified;  // globs relative to dir; empty: its files and local modules
  std::vector<ProjectId> depends_on;       // whose applies go before its own: no circle, no unknown name
  std::string terraform;
  std::map<std::string, Secret> environment;
  std::optional<change::ApplyMode> apply;  // nothing: as the repository
  // What only a repository's file says.
  bool autoplan = true;          // else planned when a comment asks for it
  std::int64_t order_group = 0;  // within a pull request, lower ones are applied first
  std::string base_branch;       // a regular expression; empty: any
};

/// Both speak of the same project unless their names contradict.
bool same_project(const ProjectId& a, const ProjectId& b);

/// Whether projects are also found from the tree: where none is listed, besides those listed, or never.
enum class Discovery { Unlisted, Besides, Never };

enum class StateMode { Declared, Slipway };

/// Everything that the matching `repos:` entries say of one repository, later ones winning key by key.
struct RepoConfig {
  change::Rules rules;  // branch_counts is for the caller to set
  std::vector<std::string> branches = {"main", "master"};
  std::vector<ProjectEntry> projects;
  Discovery discovery = Discovery::Unlisted;
  std::vector<std::string> ignore_paths;   // patterns of directories that are not found from the tree
  std::vector<policies::Policy> policies;  // the server's, then those that the repository adds
  bool reads_repo_file = true;
  std::vector<std::string> notes;  // a sentence for each key of the repository's file that is passed over
  bool destroy_removed = false;    // a project whose directory is gone is planned as a destroy
  std::string terraform = "terraform";
  StateMode state = StateMode::Declared;
  std::map<std::string, Secret> plan_environment;   // common and plan
  std::map<std::string, Secret> apply_environment;  // common and apply
  std::string terraform_rc;
  std::vector<std::string> backend_config;
  std::vector<std::string> var_files;
  std::vector<std::string> ignore_noise;
  std::vector<std::string> read_paths;
  std::vector<std::string> write_paths;
  std::chrono::seconds plan_expiry{24 * 3600};
  std::chrono::seconds plan_timeout{30 * 60};
  std::chrono::seconds apply_timeout{2 * 3600};

  bool counts(std::string_view branch) const;
  /// The entry that a project is run by, of the same name or without one; nullptr: it was found from the
  /// tree.
  const ProjectEntry* entry(const ProjectId& project) const;
};

struct Config {
  std::string file;
  std::string address = "127.0.0.1";
  std::uint16_t port = 4141;
  std::string tls_certificate;
  std::string tls_key;
  std::string public_url;
  std::string data_dir = "/var/lib/slipway";
  std::string key_file;  // empty: data_dir/encryption.key, made at first start
  std::size_t workers = 2;
  std::chrono::seconds shutdown_grace{300};
  std::chrono::seconds reconcile{120};
  std::vector<std::string> command_prefixes = {"slipway"};
  Access access;
  std::vector<ForgeConfig> forges;
  std::vector<Settings> repos;
  std::vector<policies::Policy> policies;
  std::vector<state::MachineRule> machines;
  std::vector<HookConfig> hooks;

  /// Nothing when no entry matches: the repository is not listed.
  std::optional<RepoConfig> repo(const RepoId& id) const;
  /// When applies of this repository's projects may begin; none: always.
  std::vector<Calendar> windows(const RepoId& id) const;
  /// Patterns of `repos:`, for the reconciler.
  std::vector<std::string> repo_patterns() const;
};

/// Throws SettingsError ("FILE:LINE: what, and what to write instead"). With `secrets` false, {env:} and
/// {file:} are not resolved: for `slipway validate`.
Config load_config(const std::string& file, bool secrets = true);
Config read_config(const Settings& settings, const std::string& file, bool secrets);

/// One `repos:` entry over what earlier ones said. Throws SettingsError.
void overlay(RepoConfig& config, const Settings& entry, bool secrets);

}  // namespace slipway::config
