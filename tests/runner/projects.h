#pragma once

#include "runner/terraform.h"
#include "tests/runner/rooms.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

namespace slipway::change {
/// What passes the gate in these tests.
class Gate {
 public:
  static ApprovedPlan pass(PlanRecord record) { return ApprovedPlan(std::move(record)); }
};
}  // namespace slipway::change
namespace slipway::work {
class Claim {
 public:
  static LockProof proof() { return {StateKey{}, 1}; }
};
}  // namespace slipway::work

namespace slipway::runner {

inline bool have_terraform() { return std::system("terraform version >/dev/null 2>&1") == 0; }

/// Says loudly that nothing was tested.
#define NEEDS_TERRAFORM                             \
  if (!have_terraform()) {                          \
    WARN("SKIPPED: there is no terraform on PATH"); \
    return;                                         \
  }

struct HeardLog final : RunLog {
  void text(std::string_view bytes) override { said += bytes; }
  void progress(std::size_t now, std::size_t all) override {
    done = now;
    total = all;
  }
  std::string said;
  std::size_t done = 0;
  std::size_t total = 0;
};

/// A checkout with one project, a server's data directory, and a directory where an absolute local backend
/// keeps states.
class Projects {
 public:
  explicit Projects(const std::string& which = "walled")
      : room_(make_room_of(which, data_.path())), terraform_(make_terraform(*room_, {data_.path()})) {}

  Terraform& terraform() { return *terraform_; }
  Room& room() { return *room_; }
  const Scratch& data() const { return data_; }
  /// Outside of any workspace; runs see it once it was asked for.
  const std::string& states() {
    shows_states_ = true;
    return states_.path();
  }
  const Scratch& tree() const { return tree_; }

  void write(const std::string& name, const std::string& text) {
    const std::string path = tree_ / name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    std::filesystem::permissions(tree_.path(), std::filesystem::perms(0755));
  }

  /// A backend that outlives the workspace, as a project with an absolute path has it.
  std::string local_backend() {
    return "terraform {\n  backend \"local\" {\n    path = \"" + states() + "/terraform.tfstate\"\n  }\n}\n";
  }

  RunPlace place(const std::string& run, const std::string& dir = ".") {
    RunPlace place;
    place.run = run;
    place.directory = data_ / ("runs/" + run);
    make_directories(place.directory);
    place.tree = tree_.path();
    place.project.dir = dir;
    return place;
  }

  RunSettings settings() const {
    RunSettings settings;
    settings.limits.wall = std::chrono::seconds(120);
    settings.limits.grace = std::chrono::seconds(5);
    if (shows_states_) settings.write_paths = {states_.path()};
    return settings;
  }

  PlanOutcome plan(const std::string& run, const std::string& dir = ".",
                   std::vector<std::string> flags = {}) {
    return plan({place(run, dir), settings(), std::move(flags), Secret("a key for tags of these tests")});
  }
  PlanOutcome plan(const PlanRequest& request, std::stop_token stop = {}) {
    return terraform_->plan(request, log, stop);
  }
  /// A plan that has to work.
  PlanMade planned(const std::string& run, const std::string& dir = ".") { return made(plan(run, dir)); }
  PlanMade made(PlanOutcome outcome) {
    if (const auto* failed = std::get_if<RunFailed>(&outcome))
      FAIL(failed->phase << ": " << failed->summary << log.said);
    REQUIRE(std::holds_alternative<PlanMade>(outcome));
    return std::get<PlanMade>(std::move(outcome));
  }

  static ApprovedPlan approved(const PlanMade& made) {
    PlanRecord record;
    record.plan_sha256 = made.plan_sha256;
    record.counts = made.plan.counts;
    return change::Gate::pass(std::move(record));
  }
  ApplyRequest apply_request(const PlanMade& made, const std::string& run, const std::string& dir = ".") {
    return {place(run, dir), settings(), made.plan_file, made.materials};
  }
  ApplyOutcome apply(const PlanMade& made, const std::string& run, const std::string& dir = ".",
                     std::stop_token stop = {}) {
    return terraform_->apply(approved(made), work::Claim::proof(), apply_request(made, run, dir), log, stop);
  }

  /// An apply that has to work.
  ApplyDone applied(const PlanMade& made, const std::string& run, const std::string& dir = ".") {
    ApplyOutcome outcome = apply(made, run, dir);
    if (const auto* failed = std::get_if<ApplyFailure>(&outcome)) FAIL(failed->failed.summary << log.said);
    REQUIRE(std::holds_alternative<ApplyDone>(outcome));
    return std::get<ApplyDone>(std::move(outcome));
  }

  HeardLog log;

 private:
  Scratch data_;
  Scratch states_;
  bool shows_states_ = false;
  Scratch tree_;
  std::unique_ptr<Room> room_;
  std::unique_ptr<Terraform> terraform_;
};

}  // namespace slipway::runner
