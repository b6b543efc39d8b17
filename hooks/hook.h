#pragma once

#include "core/http_client.h"
#include "core/ids.h"
#include "core/json.h"
#include "core/machine.h"
#include "core/random.h"
#include "core/sandbox.h"
#include "core/secret.h"
#include "core/settings.h"
#include "core/state_version.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::hooks {

/// One difference between two versions of a state, about one machine.
struct HookEvent {
  std::string key;  // idempotency: sink, lineage, address, serial, action
  MachineEvent what = MachineEvent::Created;
  Machine machine;              // as it is now; as it was when destroyed
  std::vector<Machine> before;  // as it was, when changed or replaced; else empty
  StateVersion version;         // without its machines
  int attempt = 1;
};

/// Everything that should be known, for sinks that are projections.
using Estate = std::vector<StateVersion>;

/// A sink of machines. At least once: an event comes again until `handle` returns. Any thread. Throws Failure
/// (Later is retried with backoff and jitter, Never is dead at once).
class Hook {
 public:
  virtual ~Hook() = default;
  /// Jobs with one lane are done in order and never at the same time: per machine, or for the whole sink.
  virtual std::string lane(const HookEvent& event) const = 0;
  /// `log` is kept with the run.
  virtual void handle(const HookEvent& event, const Estate& estate, Output& log, std::stop_token stop) = 0;
  /// Makes the sink equal to the estate, and touches nothing where it is. At start, every `reconcile`, and
  /// when an apply takes machines out of monitoring; in this lane. Empty: a sink that only hears events,
  /// which is never asked.
  virtual std::string converge_lane() const { return {}; }
  virtual void converge(const Estate&, std::stop_token) {}
  /// Monitoring must not alarm about what is being taken away: its estate is without the machines that an
  /// apply destroys, from the apply's start; an inventory's has them until they are gone.
  virtual bool monitors() const { return false; }
};

/// What every hook may use.
struct HookTools {
  HttpClient& http;
  Sandbox& sandbox;
  Random& random;
  std::string data_dir;  // a directory of its own below the data directory; made when it is missing
  std::function<Secret(const Settings&)> secret;  // reads {env: NAME} or {file: PATH}; throws SettingsError
};

/// Settings are those of a `hooks:` entry, its `kind` and `name` among them.
struct HookKind {
  std::string_view kind;  // prometheus_file_sd
  std::string_view help;
  /// Throws SettingsError when they are wrong; touches nothing.
  void (*check)(const Settings& settings);
  /// Throws SettingsError too.
  std::unique_ptr<Hook> (*make)(const Settings& settings, const HookTools& tools);
};
const std::vector<HookKind>& hook_kinds();

}  // namespace slipway::hooks
