#pragma once

#include "core/plan.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace slipway::runner {

/// What `-json` makes Terraform and OpenTofu print, one JSON object a line ("Machine-Readable UI"). Data
/// sources that are read during a plan are told as applies with the action "read".
struct ApplyStart {
  std::string address;
  std::string action;  // create, update, delete, read, …
};
struct ApplyProgress {
  std::string address;
  std::string action;
  std::int64_t seconds = 0;
};
struct ApplyComplete {
  std::string address;
  std::string action;
  std::int64_t seconds = 0;
};
struct ApplyErrored {
  std::string address;
  std::string action;
  std::int64_t seconds = 0;
};
struct ProvisionOutput {
  std::string address;
  std::string provisioner;
  std::string text;
};
/// At the end of a plan or an apply: what will be done, or was.
struct ChangeSummary {
  std::string operation;  // plan, apply, destroy
  std::int64_t add = 0;
  std::int64_t change = 0;
  std::int64_t remove = 0;
  std::int64_t import = 0;
};
/// Somebody else holds the state's lock; it waits.
struct StateLockWait {};
/// Anything else: it matters to the log only.
struct Said {};

struct UiEvent {
  std::string text;  // for the log, without a line's end; may have several lines, and be empty
  std::variant<Said, Diagnostic, ApplyStart, ApplyProgress, ApplyComplete, ApplyErrored, ProvisionOutput,
               ChangeSummary, StateLockWait>
      what;
};

/// Reads one line, whatever is in it: one that is no JSON was said by something else, and goes to the log as
/// it is.
UiEvent read_ui_line(std::string_view line);

/// As Terraform words it, with the place and the source line, for the log.
std::string text_of(const Diagnostic& diagnostic);

inline constexpr std::size_t kMaxDiagnosticLine = 200;  // bytes

/// What went wrong in one line: "main.tf:14 reference to undeclared resource: A managed resource … (and 2
/// more errors)". Of the first error that has a place, else the first error, else the first warning; empty
/// when there is none.
std::string one_line(const std::vector<Diagnostic>& diagnostics);

}  // namespace slipway::runner
