#pragma once

#include "core/plan.h"
#include "runner/cli/session.h"
#include "runner/diagnostics.h"
#include "runner/fd.h"
#include "runner/keeper_files.h"
#include "runner/terraform.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace slipway::runner {

/// What an apply's events tell of how far it came.
class Progress {
 public:
  Progress(const PlanCounts& counts, RunLog& log);
  void hear(const UiEvent& event);

  std::size_t done() const;
  std::size_t total() const;
  bool began() const { return !resources_.empty(); }

  std::vector<Diagnostic> diagnostics;

 private:
  void set(const std::string& address, bool done_now);

  std::size_t total_;
  RunLog& log_;
  std::map<std::string, bool> resources_;  // those that were begun: done?
};

/// Reads what a kept `terraform apply -json` printed, from its beginning and as it grows: into the log, and
/// into progress.
class KeptOutput {
 public:
  KeptOutput(const KeeperFiles& files, const RunSettings& settings, Progress& progress, RunLog& log);
  void read_on();
  /// All is there: reads what stands at the end, and stderr.
  void finish();

 private:
  void take(std::string_view line);

  const KeeperFiles& files_;
  LogWriter log_;
  Progress& progress_;
  Fd file_;
  std::string held_;
};

}  // namespace slipway::runner
