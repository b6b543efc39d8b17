#include "core/crypto.h"
#include "core/failure.h"
#include "runner/cli/errors.h"
#include "runner/cli/leaks.h"
#include "runner/cli/plan_file.h"
#include "runner/cli/prepared.h"
#include "runner/files.h"
#include "runner/plan_reader.h"
#include "runner/terraform_cli.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace slipway::runner {
namespace {

constexpr std::size_t kMaxLockFile = 4u << 20;

/// A plan warns while it is made, and what it holds warns again.
void add_warnings(Plan& plan, const std::vector<Diagnostic>& diagnostics) {
  for (const auto& diagnostic : diagnostics) {
    const bool known =
        std::any_of(plan.warnings.begin(), plan.warnings.end(), [&](const Diagnostic& warning) {
          return warning.summary == diagnostic.summary && warning.detail == diagnostic.detail &&
                 warning.address == diagnostic.address;
        });
    if (!diagnostic.error && !known) plan.warnings.push_back(diagnostic);
  }
}

/// The steps of one plan.
class Planning {
 public:
  Planning(const PlanRequest& request, Prepared& prepared, const std::stop_token& stop)
      : request_(request), prepared_(prepared), stop_(stop), file_(prepared.site().out() + "/plan.tfplan") {}

  std::optional<RunFailed> initialize() {
    initialized_ = true;
    if (auto refusal = prepared_.initialization().run(stop_)) return refusal;
    prepared_.check_backend();
    return {};
  }

  std::optional<RunFailed> plan() {
    if (prepared_.needs_init()) {
      if (auto refusal = initialize()) return refusal;
    }
    CommandEnd said = run_plan();
    if (!said.ok() && !initialized_ && wants_init(said.diagnostics)) {
      if (auto refusal = initialize()) return refusal;
      said = run_plan();
    }
    if (!said.ok() || !is_plain_file(file_on_host())) return failed("plan", said, request_.settings.limits);
    warnings_ = std::move(said.diagnostics);
    return {};
  }

  std::optional<RunFailed> show(const std::string& path) {
    const CommandEnd said = prepared_.session().to_file({"show", "-json", "-no-color", file_}, path, stop_);
    throw_if_stopped(said);
    if (!said.ok()) return failed("show", said, request_.settings.limits);
    return {};
  }

  std::string file_on_host() const { return prepared_.site().out_host() + "/plan.tfplan"; }
  bool initialized() const { return initialized_; }
  const std::vector<Diagnostic>& warnings() const { return warnings_; }

 private:
  CommandEnd run_plan() {
    std::vector<std::string> arguments = {"plan",         "-json",       "-no-color",
                                          "-input=false", "-lock=false", "-out=" + file_};
    const auto& var_files = prepared_.var_files();
    arguments.insert(arguments.end(), var_files.begin(), var_files.end());
    arguments.insert(arguments.end(), request_.flags.begin(), request_.flags.end());
    CommandEnd said = prepared_.session().lines(std::move(arguments), stop_);
    throw_if_stopped(said);
    return said;
  }

  void throw_if_stopped(const CommandEnd& said) const {
    if (said.exit.stopped || stop_.stop_requested()) throw Stopped();
  }

  const PlanRequest& request_;
  Prepared& prepared_;
  std::stop_token stop_;
  std::string file_;
  bool initialized_ = false;
  std::vector<Diagnostic> warnings_;
};

}  // namespace

PlanOutcome TerraformCli::plan(const PlanRequest& request, RunLog& log, std::stop_token stop) {
  try {
    return while_doing("planning " + to_string(request.place.project),
                       [&] { return make_plan(request, log, stop); });
  } catch (const Stopped&) {
    return RunStopped{};
  }
}

PlanOutcome TerraformCli::make_plan(const PlanRequest& request, RunLog& log, const std::stop_token& stop) {
  PlanMade made;
  made.tool = version(request.settings.terraform);
  Prepared prepared({sandbox_, store_, request.place, request.settings, log, "plan", ""}, "");
  Planning planning(request, prepared, stop);
  if (auto failure = planning.plan()) return *failure;

  const std::string shown = request.place.directory + "/shown.json";
  if (auto failure = planning.show(shown)) return *failure;
  made.document.path = request.place.directory + "/document.json";
  auto read = read_plan(shown, {request.tag_key, request.settings.ignore_noise, made.document.path});
  const Leaks leaks(request.settings);
  const bool leaked = leaks.are_in(shown);
  ::unlink(shown.c_str());  // it has every sensitive value in clear
  if (!read) throw Failure("reading the plan: " + read.error().text());
  if (leaked) leaks.take_out_of(*read, made.document.path);
  made.plan = std::move(read->plan);
  made.document.digest = std::move(read->document_digest);
  add_warnings(made.plan, planning.warnings());
  for (auto& warning : made.plan.warnings) {
    for (std::string* text : {&warning.summary, &warning.detail, &warning.code}) {
      *text = prepared.session().log().redacted(*text);
    }
  }

  made.plan_file = planning.file_on_host();
  made.plan_sha256 = sha256_of_file(made.plan_file);
  const auto prior = prior_state(made.plan_file);
  if (!prior) throw Failure("reading the plan's prior state: " + prior.error().text());
  made.state = *prior;
  const auto lock = read_inside(prepared.site().project_host(), ".terraform.lock.hcl", kMaxLockFile);
  if (lock) made.lock_digest = sha256_hex(*lock);
  made.materials = request.place.directory + "/materials";
  write_materials(made.materials, prepared.site(), {prepared.site().tree(), planning.initialized()});
  made.level = prepared.level();
  return made;
}

}  // namespace slipway::runner
