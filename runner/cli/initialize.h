#pragma once

#include "runner/cli/cli_config.h"
#include "runner/cli/provider_store.h"
#include "runner/cli/session.h"

#include <optional>
#include <stop_token>
#include <string>

namespace slipway::runner {

/// `terraform init` of a run: from our provider store alone, with the backend's settings. What the store
/// hasn't got is fetched into it first, in a step of its own that sees the user's CLI configuration and no
/// credential of the infrastructure; the same for modules that can't be had without it.
class Initialization {
 public:
  struct Setting {
    Session& session;
    ProviderStore& store;
    const CliConfig& config;
    std::vector<std::string> backend;  // -backend-config=…
    std::string dir;                   // of the project, for what is said
  };
  explicit Initialization(Setting setting) : setting_(std::move(setting)) {}

  /// Of a plan. Nothing when all went well; the lock file of the project's copy is complete then.
  std::optional<RunFailed> run(const std::stop_token& stop);
  /// Of an apply or a look at the state: modules and lock file are there as the plan left them, and stay as
  /// they are.
  std::optional<RunFailed> repeat(const std::stop_token& stop);

 private:
  CommandEnd init(const std::stop_token& stop, const std::vector<std::string>& more = {});
  CommandEnd json_if_known(std::vector<std::string> arguments, const std::stop_token& stop, Reach reach);
  bool fetch_modules(const std::stop_token& stop);
  CommandEnd fetch_providers(const std::stop_token& stop, bool newest);
  void look_for_newer(const std::stop_token& stop);
  std::optional<std::string> lock_file() const;
  void put_lock_file(const std::string& text) const;
  RunFailed refusal(const CommandEnd& said) const;

  Setting setting_;
};

}  // namespace slipway::runner
