#pragma once

#include "bot/config/config.h"
#include "bot/work/worker.h"
#include "core/function_ref.h"
#include "tests/bot/work/fake_repository.h"
#include "tests/bot/work/fake_terraform.h"
#include "tests/store/temporary_dir.h"
#include "tests/vcs/fake_github.h"

#include <functional>
#include <memory>
#include <string>

namespace slipway::work {

/// Goes on when told.
class StandingClock final : public Clock {
 public:
  Time now() const override { return time; }
  Time time = from_millis(1'795'305'600'000);
};

/// Notes what it is told; fails when asked to.
class NotingHook final : public hooks::Hook {
 public:
  std::string lane(const hooks::HookEvent& event) const override { return event.machine.name; }
  void handle(const hooks::HookEvent& event, const hooks::Estate&, Output&, std::stop_token) override;
  std::string converge_lane() const override { return "all"; }
  void converge(const hooks::Estate& estate, std::stop_token) override;
  bool monitors() const override { return true; }

  std::map<std::string, int> heard;  // by key
  std::set<std::string> monitored;   // machines that it was made equal to last
  std::string refuses;               // events of this machine, for good
  std::string fails;                 // to converge, and why
};

/// The bot's whole middle over a world in memory: a real store, real decisions and steps; the forge, git,
/// Terraform and time are fakes that outlive every process. One thread, so that each run is the same.
class World {
 public:
  /// `more_config` goes into the one entry of `repos:`, as ", key: value". Slipway keeps the states, unless
  /// the project declares a backend.
  explicit World(const std::string& more_config = {}, std::string backend = {});

  /// A process's life begins: opens the store and frees what the last one held.
  void start(std::function<std::unique_ptr<store::Store>()> open);
  void stop();
  /// Works until nothing is due within an hour; the clock jumps over the waits.
  void settle();
  /// Works until this is so; the clock goes on by a second where nothing is due.
  void work_until(FunctionRef<bool()> so);
  /// One turn; false when nothing was due.
  bool turn();

  void deliver(const std::string& event, std::int64_t number);
  /// The bot's whole view; only between `start` and `stop`.
  const Tools& tools() const { return *tools_; }
  store::Store& store() { return *store_; }
  const Held& held() const { return *held_; }
  std::string data_dir() const { return room_ / "data"; }

  /// alice opens a pull request that makes net/main.tf ask for these resources.
  std::int64_t open_pull(const std::string& resources);
  /// Somebody comments, and the bot hears of it.
  void comment(std::int64_t number, const std::string& author, const std::string& body);
  /// The forge merges it, by a commit of two parents.
  void merge_pull(std::int64_t number);
  std::string state_of(std::int64_t number) const;
  std::vector<Comment> bot_comments(std::int64_t number) const;

  StandingClock clock;
  vcs::FakeGithub forge;
  FakeRepositories repositories;
  FakeTerraform terraform{repositories.repository};
  NotingHook* hook = nullptr;

 private:
  store::TemporaryDir room_;
  SystemRandom random_;
  config::Config config_;
  Keyring keyring_;
  std::map<std::string, std::unique_ptr<vcs::Host>> hosts_;
  std::map<std::string, std::unique_ptr<policies::PolicyEngine>, std::less<>> engines_;
  std::vector<NamedHook> hooks_;
  std::unique_ptr<Query> query_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Running> running_;
  std::unique_ptr<Budget> budget_;
  std::unique_ptr<Graphs> graphs_;
  std::unique_ptr<RepoFiles> repo_files_;
  std::unique_ptr<Tools> tools_;
  std::unique_ptr<Steps> steps_;
  std::unique_ptr<Held> held_;
  std::unique_ptr<Worker> worker_;
  std::string backend_;
  int life_ = 0;
  int delivery_ = 0;
};

}  // namespace slipway::work
