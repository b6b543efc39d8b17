#include "core/failure.h"
#include "core/json_reader.h"
#include "core/log.h"
#include "runner/cli/errors.h"
#include "runner/cli/kept_output.h"
#include "runner/cli/plan_file.h"
#include "runner/cli/prepared.h"
#include "runner/files.h"
#include "runner/keeper.h"
#include "runner/keeper_files.h"
#include "runner/process.h"
#include "runner/terraform_cli.h"

#include <poll.h>

#include <algorithm>

namespace slipway::runner {
namespace {

constexpr int kLookEvery = 200;  // milliseconds
/// Somebody at a terminal may be about to let go; who needs longer is told, and the apply is tried again
/// later.
constexpr const char* kLockTimeout = "-lock-timeout=5s";
/// After SIGINT Terraform waits for what it has begun; killing it then would lose what it knows.
constexpr std::chrono::minutes kApplyGrace{15};
constexpr std::size_t kMaxState = 512u << 20;

StateSerial serial_of(const std::string& state) {
  if (state.empty()) return {};
  const auto serial = read_json(state, [](const JsonReader& in) {
    return StateSerial{in["lineage"].string_or(""), in["serial"].integer_or(0)};
  });
  return serial ? *serial : StateSerial{};
}

/// Of a state that can't be read nobody knows.
bool state_moved(const ApplyRequest& request, const std::string& state) {
  const auto before = prior_state(request.plan_file);
  return before && !state.empty() && serial_of(state) != *before;
}

}  // namespace

ApplyOutcome TerraformCli::apply(const ApprovedPlan& plan, const LockProof&, const ApplyRequest& request,
                                 RunLog& log, std::stop_token stop) {
  const PlanRecord& record = plan.record();
  return while_doing("applying " + to_string(request.place.project), [&]() -> ApplyOutcome {
    const Kept kept = kept_state(request.place.directory);
    const auto end = kept_exit(request.place.directory);
    // Its sandbox could not be made, so nothing ran: that may be tried again.
    const bool never_ran =
        end && !end->failure.empty() && !exists(KeeperFiles(request.place.directory).started);
    if (kept == Kept::NotStarted || never_ran) {
      if (auto refusal = start_apply(record, request, log, stop)) {
        ApplyFailure failure;
        failure.failed = std::move(*refusal);
        return failure;
      }
    }
    return finish_apply(record, request, log, stop);
  });
}

std::optional<RunFailed> TerraformCli::start_apply(const PlanRecord& record, const ApplyRequest& request,
                                                   RunLog& log, const std::stop_token& stop) {
  if (!is_plain_file(request.plan_file) || sha256_of_file(request.plan_file) != record.plan_sha256) {
    throw Failure("the plan file isn't the one that was approved: its SHA-256 differs");
  }
  const Materials materials = read_materials(request.materials);
  const bool maps = sandbox_.level().mount_namespace;
  if (!maps && materials.tree.starts_with(kTree)) {
    RunFailed failure;
    failure.phase = "apply";
    failure.stale_plan = true;
    failure.summary =
        "the plan was made where paths can be mapped, and here they can't: it has to be made again";
    return failure;
  }
  Prepared prepared({sandbox_, store_, request.place, request.settings, log, "apply", materials.tree},
                    request.materials);
  replace_file(prepared.site().config_host() + "/plan.tfplan", read_file(request.plan_file));
  if (materials.initialized) {
    if (auto refusal = prepared.initialization().repeat(stop)) return refusal;
    prepared.check_backend();
  }
  if (stop.stop_requested()) throw Stopped();

  prepared.session().be_host(host_of_run(request.place.run));
  KeptCommand kept;
  kept.directory = request.place.directory;
  kept.data_dir = options_.data_dir;
  kept.mount_namespace = maps;
  kept.command = prepared.session().command({"apply", "-json", "-no-color", "-input=false", kLockTimeout,
                                             prepared.site().config() + "/plan.tfplan"},
                                            Reach::Run);
  kept.command.limits.grace = std::max<std::chrono::seconds>(kept.command.limits.grace, kApplyGrace);
  start_keeper(kept);
  prepared.keep_site();  // the command runs in it when this object is gone
  return {};
}

Site TerraformCli::apply_site(const ApplyRequest& request, RunLog& log) {
  const std::string tree = read_materials(request.materials).tree;
  return Site::find(site_request({sandbox_, store_, request.place, request.settings, log, "apply", tree}));
}

ApplyOutcome TerraformCli::finish_apply(const PlanRecord& record, const ApplyRequest& request, RunLog& log,
                                        const std::stop_token& stop) {
  const KeeperFiles files(request.place.directory);
  log.told_anew();
  Progress progress(record.counts, log);
  KeptOutput output(files, request.settings, progress, log);
  const StopDescriptor stopped(stop);
  while (kept_state(request.place.directory) == Kept::Running) {
    output.read_on();
    pollfd polled{stopped.get(), POLLIN, 0};
    ::poll(&polled, 1, kLookEvery);
    if (stop.stop_requested()) throw Stopped();
  }
  output.finish();

  const auto end = kept_exit(request.place.directory);
  const auto errored_state = [&] {
    return read_inside(apply_site(request, log).project_host(), "errored.tfstate", kMaxState).value_or("");
  };
  if (!end) {
    ApplyLost lost{true, try_pull_state(request, stop), errored_state()};
    lost.began = lost.state.empty() || progress.began() || !lost.errored_state.empty() ||
                 state_moved(request, lost.state);
    return lost;
  }
  if (!end->failure.empty() && !exists(files.started)) throw Failure(end->failure, Retry::Later);
  if (end->exit.ok()) return ApplyDone{progress.done(), try_pull_state(request, stop)};

  ApplyFailure failure;
  CommandEnd said;
  said.exit = end->exit;
  said.diagnostics = progress.diagnostics;
  failure.failed = failed("apply", said, request.settings.limits);
  if (!end->failure.empty()) failure.failed.summary = end->failure;
  failure.done = progress.done();
  failure.total = progress.total();
  failure.errored_state = errored_state();
  failure.held_lock = held_lock(said.diagnostics);
  failure.state = try_pull_state(request, stop);
  failure.began = progress.began() || !failure.errored_state.empty() || state_moved(request, failure.state);
  return failure;
}

std::string TerraformCli::try_pull_state(const ApplyRequest& request, const std::stop_token& stop) {
  try {
    return pull_state(request.place, request.settings, request.materials, stop);
  } catch (const Failure& failure) {
    log::warning("the state could not be read after an apply",
                 {{"run", request.place.run}, {"why", failure.what()}});
    return {};
  }
}

}  // namespace slipway::runner
