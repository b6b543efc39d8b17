#pragma once

#include "core/redactor.h"
#include "core/sandbox.h"
#include "runner/cli/site.h"
#include "runner/cli/tool.h"
#include "runner/diagnostics.h"
#include "runner/terraform.h"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace slipway::runner {

inline constexpr std::size_t kMaxRunLog = 32u << 20;  // bytes of text that a run's log gets

/// The log of a run: redacted, and bounded.
class LogWriter {
 public:
  LogWriter(RunLog& log, const RunSettings& settings);
  void text(std::string_view bytes);
  /// Ends a command's output: what was held back is said, on a line of its own.
  void end_part();
  std::string redacted(std::string_view text) const { return redactor_.redact(text); }
  RunLog& log() { return log_; }

 private:
  void say(const std::string& bytes);

  RunLog& log_;
  Redactor redactor_;
  std::size_t said_ = 0;
  bool line_ended_ = true;
};

/// How one command of Terraform ended, and what it complained of (redacted).
struct CommandEnd {
  SandboxExit exit;
  std::vector<Diagnostic> diagnostics;
  bool ok() const { return exit.ok(); }
};

/// What a command may see. Fetching modules and providers: the user's CLI configuration and proxies, no
/// credential of an infrastructure. Running: the credentials of its phase, the providers of our store,
/// nothing of the registries'.
enum class Reach { Fetch, Run };

/// The commands of one run, in its site.
class Session {
 public:
  struct Setting {
    Sandbox& sandbox;
    const Tool& tool;
    const Site& site;
    const RunSettings& settings;
    const RunPlace& place;
    std::string providers;             // the store's packages on the server's disk
    std::vector<std::string> mirrors;  // of the user's, for fetching
  };
  Session(Setting setting, RunLog& log);

  /// A command that prints JSON lines: they become the log, and `hear` gets each.
  CommandEnd lines(std::vector<std::string> arguments, const std::stop_token& stop,
                   const std::function<void(const UiEvent&)>& hear = {}, Reach reach = Reach::Run);
  /// A command whose stdout goes to a file.
  CommandEnd to_file(std::vector<std::string> arguments, const std::string& path,
                     const std::stop_token& stop);

  SandboxCommand command(std::vector<std::string> arguments, Reach reach) const;
  LogWriter& log() { return log_; }
  const Site& site() const { return setting_.site; }
  const RunSettings& settings() const { return setting_.settings; }
  const Tool& tool() const { return setting_.tool; }
  /// Without TF_WORKSPACE from now on: a workspace that isn't there yet can't be initialized, only planned
  /// and applied.
  void leave_workspace(bool leave) { leaves_workspace_ = leave; }
  /// The machine's name for what may lock the state.
  void be_host(std::string name) { host_ = std::move(name); }

 private:
  std::map<std::string, std::string> environment(Reach reach) const;
  std::vector<Bind> binds(Reach reach) const;
  std::vector<Diagnostic> redacted(std::vector<Diagnostic> diagnostics) const;

  Setting setting_;
  LogWriter log_;
  bool leaves_workspace_ = false;
  std::string host_ = SandboxCommand().host;
};

}  // namespace slipway::runner
