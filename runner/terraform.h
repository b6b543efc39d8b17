#pragma once

#include "core/approved_plan.h"
#include "core/ids.h"
#include "core/plan.h"
#include "core/plan_document.h"
#include "core/sandbox.h"
#include "core/secret.h"
#include "core/state_version.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace slipway::runner {

/// Credentials and address of our own http backend, for one state and one run (`state: slipway`).
struct StateAccess {
  std::string address;  // http://127.0.0.1:4141/state/…; lock and unlock go there too
  std::string username;
  Secret password;
};

/// How a project is run: from the server's config, never from the pull request.
struct RunSettings {
  std::string terraform = "terraform";        // path or name
  std::map<std::string, Secret> environment;  // of this phase, common included
  std::string terraform_rc;                   // the user's CLI config; empty: none
  std::vector<std::string> backend_config;    // FILE or key=value
  std::vector<std::string> var_files;         // relative to the tree, or absolute on the server
  std::vector<std::string> ignore_noise;
  std::vector<std::string> read_paths;   // paths.read
  std::vector<std::string> write_paths;  // paths.write
  std::optional<StateAccess> state;      // set: Slipway keeps the state
  SandboxLimits limits;
};

/// What a run works on.
struct RunPlace {
  RunId run;
  std::string
      directory;  // of this run alone, below the data directory; made by the caller, kept until it drops it
  std::string tree;  // a shared, read-only checkout
  ProjectId project;
};

/// Hears the run as it goes: `line` is text for the log (already redacted), `progress` counts resources of an
/// apply.
class RunLog {
 public:
  virtual ~RunLog() = default;
  virtual void text(std::string_view bytes) = 0;
  virtual void progress(std::size_t done, std::size_t total) = 0;
  /// What follows is told from its beginning by every call for this run: an apply's output, to whoever adopts
  /// it. A log that is kept leaves out what it has of it.
  virtual void told_anew() {}
};

struct PlanRequest {
  RunPlace place;
  RunSettings settings;
  std::vector<std::string> flags;  // after "--", already checked
  Secret tag_key;                  // keys the HMACs of sensitive values
};

/// Planned. The files lie in the run's directory.
struct PlanMade {
  Plan plan;
  PlanDocument document;  // redacted plan JSON
  std::string plan_file;  // path
  std::string plan_sha256;
  std::string materials;  // path of an archive: lock file and module contents, as `apply` gets them
  std::string lock_digest;
  std::string tool;   // "terraform 1.11.4"
  StateSerial state;  // prior state's
  SandboxLevel level;
};

/// Terraform said no: what it said.
struct RunFailed {
  std::string phase;  // init, plan, show, apply
  std::vector<Diagnostic> diagnostics;
  std::string summary;  // one line: the first error, with its place
  bool state_locked = false;
  LockHolder lock;          // who holds it, where that is told
  bool stale_plan = false;  // "Saved plan is stale"
  bool timed_out = false;
  bool out_of_memory = false;
};
struct RunStopped {};
using PlanOutcome = std::variant<PlanMade, RunFailed, RunStopped>;

struct ApplyRequest {
  RunPlace place;
  RunSettings settings;
  std::string plan_file;  // path of the opened saved plan; its SHA-256 is checked again
  std::string materials;
};

struct ApplyDone {
  std::size_t resources = 0;
  std::string state;  // as `state pull` gives it after the apply; empty when it could not be read
};
struct ApplyFailure {
  RunFailed failed;
  std::size_t done = 0;
  std::size_t total = 0;
  bool began = false;         // a resource's change had started, or a state was written
  std::string errored_state;  // contents of errored.tfstate; empty: none was left
  std::string held_lock;      // id of the lock that it could not give back, where Terraform tells it
  std::string state;          // as `state pull` gives it now; empty when it could not be read
};
/// The keeper died too: nobody knows how far it came.
struct ApplyLost {
  bool began = true;               // false: no resource's change had started, and no state was written
  std::string state;               // as `state pull` gives it now; empty when it could not be read
  std::string errored_state = {};  // as of ApplyFailure
};
using ApplyOutcome = std::variant<ApplyDone, ApplyFailure, ApplyLost>;

/// A project's state, wherever it keeps it.
struct StateRequest {
  RunPlace place;
  RunSettings settings;
  std::string materials;  // path of what a plan left
};
/// It stands where it belongs, by this call or an earlier one.
struct StatePushed {
  std::string state;  // as `state pull` gives it now
};
/// Lineage or serial of what is there speak against it: trying again is no use.
struct PushRefused {
  std::string why;
};
/// RunFailed: it could not be done now.
using PushOutcome = std::variant<StatePushed, PushRefused, RunFailed>;

/// The name that the machine of an apply has inside of its sandbox: a lock on a state names it, and so tells
/// which run holds it.
std::string host_of_run(const RunId& run);
/// The run whose apply took this lock, where it tells; empty: somebody else's, or nobody knows whose.
RunId run_of(const LockHolder& lock);

/// Terraform, or OpenTofu. Any thread; at most one call per run's directory. Throws Failure for what is not
/// Terraform's doing (no binary, disk full), Stopped when `stop` asked and nothing had begun.
class Terraform {
 public:
  virtual ~Terraform() = default;
  /// init, plan -lock=false -out, show -json. A stop interrupts it and yields RunStopped.
  virtual PlanOutcome plan(const PlanRequest& request, RunLog& log, std::stop_token stop) = 0;
  /// Starts the apply under a keeper that outlives this process, or finds the one that runs, or its result:
  /// calling it again for the same run never applies twice. `stop` leaves the keeper alone and throws
  /// Stopped.
  virtual ApplyOutcome apply(const ApprovedPlan& plan, const LockProof& lock, const ApplyRequest& request,
                             RunLog& log, std::stop_token stop) = 0;
  /// Asks a running apply to end (SIGINT, once): when the grace at shutdown is over.
  virtual void interrupt(const RunPlace& place) = 0;
  /// The state as it is now, from wherever the project keeps it; empty when there is none.
  virtual std::string pull_state(const RunPlace& place, const RunSettings& settings,
                                 const std::string& materials, std::stop_token stop) = 0;
  /// `terraform state push` of what an apply left unwritten. Asked again after it was done, it says so.
  virtual PushOutcome push_state(const StateRequest& request, const LockProof& lock, const std::string& state,
                                 RunLog& log, std::stop_token stop) = 0;
  /// `terraform force-unlock`. Why it was refused; nothing: the lock is gone.
  virtual std::optional<RunFailed> release_lock(const StateRequest& request, const LockProof& lock,
                                                const std::string& id, RunLog& log, std::stop_token stop) = 0;
  /// Whether the apply of this run is alive: proven by the lock of its keeper and its command, which the
  /// machine's death releases too.
  virtual bool lives(const RunPlace& place) const = 0;
  /// "terraform 1.11.4": asked once per binary, until the file changes.
  virtual std::string version(const std::string& terraform) = 0;
  virtual SandboxLevel level() const = 0;
};

struct TerraformOptions {
  std::string data_dir;  // provider store
};
/// `self` is this program's executable, opened at start: keepers are started from it.
std::unique_ptr<Terraform> make_terraform(Sandbox& sandbox, TerraformOptions options);

}  // namespace slipway::runner
