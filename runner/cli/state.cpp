#include "core/failure.h"
#include "runner/cli/errors.h"
#include "runner/cli/prepared.h"
#include "runner/cli/unwritten.h"
#include "runner/files.h"
#include "runner/keeper.h"
#include "runner/terraform_cli.h"

namespace slipway::runner {
namespace {

constexpr std::size_t kMaxState = 512u << 20;
constexpr std::string_view kHostOfRun = "slipway-";
constexpr const char* kLockTimeout = "-lock-timeout=5s";

/// Commands on one state in a site of their own, which is gone with them.
class StateCommands {
 public:
  StateCommands(const Prepared::Setting& setting, const std::string& materials)
      : prepared_(setting, materials), directory_(setting.place.directory + "/" + setting.site) {
    prepared_.session().be_host(host_of_run(setting.place.run));
  }
  ~StateCommands() { remove_tree(directory_); }
  StateCommands(const StateCommands&) = delete;
  StateCommands& operator=(const StateCommands&) = delete;

  std::optional<RunFailed> prepare(const std::stop_token& stop) {
    auto refusal = prepared_.initialization().repeat(stop);
    if (!refusal) prepared_.check_backend();
    return refusal;
  }

  std::optional<RunFailed> pull(std::string& state, const std::stop_token& stop) {
    const std::string path = directory_ + "/pulled.json";
    auto failure = end("state pull", prepared_.session().to_file({"state", "pull", "-no-color"}, path, stop));
    if (!failure) state = read_file(path, kMaxState);
    return failure;
  }

  std::optional<RunFailed> push(const std::string& state, const std::stop_token& stop) {
    const std::string name = "/errored.tfstate";
    replace_file(prepared_.site().config_host() + name, state);
    return end("state push",
               prepared_.session().lines(
                   {"state", "push", "-no-color", kLockTimeout, prepared_.site().config() + name}, stop));
  }

  std::optional<RunFailed> unlock(const std::string& id, const std::stop_token& stop) {
    return end("force-unlock", prepared_.session().lines({"force-unlock", "-force", "-no-color", id}, stop));
  }

 private:
  std::optional<RunFailed> end(std::string_view phase, const CommandEnd& said) {
    if (said.exit.stopped) throw Stopped();
    if (said.ok()) return {};
    return failed(phase, said, prepared_.session().settings().limits);
  }

  Prepared prepared_;
  std::string directory_;
};

/// Terraform's own last word on lineage and serial, in case that somebody was quicker than we.
bool is_refusal(const RunFailed& failure) {
  return failure.summary.find("cannot import state") != std::string::npos ||
         failure.summary.find("cannot overwrite existing state") != std::string::npos;
}

}  // namespace

std::string host_of_run(const RunId& run) { return std::string(kHostOfRun) + run; }

RunId run_of(const LockHolder& lock) {
  const std::size_t at = lock.who.rfind('@');
  const std::string host = at == std::string::npos ? std::string() : lock.who.substr(at + 1);
  return host.starts_with(kHostOfRun) ? host.substr(kHostOfRun.size()) : RunId();
}

bool TerraformCli::lives(const RunPlace& place) const { return kept_state(place.directory) == Kept::Running; }

PushOutcome TerraformCli::push_state(const StateRequest& request, const LockProof&, const std::string& state,
                                     RunLog& log, std::stop_token stop) {
  return while_doing("pushing the state of " + to_string(request.place.project), [&]() -> PushOutcome {
    StateCommands commands({sandbox_, store_, request.place, request.settings, log, "push", ""},
                           request.materials);
    if (auto refusal = commands.prepare(stop)) return *std::move(refusal);
    std::string kept;
    if (auto failure = commands.pull(kept, stop)) return *std::move(failure);
    const Fit fits = fit(state, kept);
    if (!fits.refusal.empty()) return PushRefused{fits.refusal};
    if (fits.is_there) return StatePushed{kept};
    if (auto failure = commands.push(state, stop)) {
      if (is_refusal(*failure)) return PushRefused{failure->summary};
      return *std::move(failure);
    }
    if (auto failure = commands.pull(kept, stop)) return *std::move(failure);
    return StatePushed{kept};
  });
}

std::optional<RunFailed> TerraformCli::release_lock(const StateRequest& request, const LockProof&,
                                                    const std::string& id, RunLog& log,
                                                    std::stop_token stop) {
  return while_doing("releasing the lock of " + to_string(request.place.project), [&] {
    StateCommands commands({sandbox_, store_, request.place, request.settings, log, "unlock", ""},
                           request.materials);
    auto refusal = commands.prepare(stop);
    return refusal ? refusal : commands.unlock(id, stop);
  });
}

}  // namespace slipway::runner
