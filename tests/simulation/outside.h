#pragma once

#include "bot/config/config.h"
#include "core/clock.h"
#include "core/random.h"
#include "core/sealed.h"
#include "hooks/hook.h"
#include "policies/engine.h"
#include "tests/bot/work/fake_repository.h"
#include "tests/bot/work/name_query.h"
#include "tests/simulation/terraform.h"
#include "tests/store/temporary_dir.h"
#include "tests/vcs/fake_github.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace slipway::simulation {

inline constexpr std::string_view kTestRepo = "acme/infra";

/// Goes on when told.
class StandingClock final : public Clock {
 public:
  Time now() const override { return time; }
  Time time = from_millis(1'795'305'600'000);
};

/// Notes what it is told, by key; what it notes is no part of any process.
class NotingHook final : public hooks::Hook {
 public:
  explicit NotingHook(std::map<std::string, int>& heard) : heard_(heard) {}
  std::string lane(const hooks::HookEvent& event) const override { return event.machine.name; }
  void handle(const hooks::HookEvent& event, const hooks::Estate&, Output&, std::stop_token) override {
    ++heard_[event.key];
  }
  void converge(const hooks::Estate&, std::stop_token) override {}

 private:
  std::map<std::string, int>& heard_;
};

/// What outlives every process of the bot: forge, git, Terraform with its states, time, the disk and the
/// server's config.
class Outside {
 public:
  /// `chance` names runs and plans, and must outlive this; `repo` is what the config says of the repository.
  Outside(Random& chance, const std::string& repo);

  StandingClock clock;
  Random& random;
  vcs::FakeGithub forge;
  work::FakeRepositories repositories;
  SimulatedTerraform terraform{repositories.repository};
  work::NameQuery query;
  std::map<std::string, int> heard;                                      // by the hook
  std::function<std::unique_ptr<policies::PolicyEngine>()> make_engine;  // empty: policies can't be asked
  config::Config config;
  Keyring keyring;

  work::FakeRepository& git() { return repositories.repository; }
  std::string data_dir() const { return room_ / "data"; }

 private:
  store::TemporaryDir room_;
};

}  // namespace slipway::simulation
