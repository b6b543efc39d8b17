#include "runner/cli/errors.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace slipway::runner {
namespace {

constexpr std::size_t kMaxDetail = 8000;

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// `in_summary` and `in_detail` both stand in one diagnostic.
bool any(const std::vector<Diagnostic>& diagnostics, std::string_view in_summary,
         std::string_view in_detail = "") {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& diagnostic) {
    return has(diagnostic.summary, in_summary) && has(diagnostic.detail, in_detail);
  });
}

std::string field(std::string_view detail, std::string_view name) {
  const std::size_t at = detail.find(name);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = detail.find_first_not_of(' ', at + name.size());
  if (begin == std::string_view::npos) return {};
  return std::string(detail.substr(begin, detail.find('\n', begin) - begin));
}

/// "Lock Info" is the holder's with most backends. The http and pg backends print there what the one who was
/// refused had asked for; the first tells the holder's id elsewhere.
LockHolder lock_holder(std::string_view detail) {
  constexpr std::string_view kHttp = "already locked: ID=";
  std::string words(detail);  // where Terraform speaks to people, it breaks its lines
  std::replace(words.begin(), words.end(), '\n', ' ');
  if (const std::size_t at = words.find(kHttp); at != std::string::npos) {
    const std::size_t begin = at + kHttp.size();
    return {words.substr(begin, words.find(' ', begin) - begin), {}, {}, {}};
  }
  if (has(words, "Workspace is already locked")) return {};
  return {field(detail, " ID:"), field(detail, "Who:"), field(detail, "Operation:"),
          field(detail, "Created:")};
}

/// "  │ text" is how Terraform frames it where a terminal might be.
std::string_view unframed(std::string_view line) {
  for (const std::string_view frame : {"│", "╷", "╵"}) {
    const std::size_t at = line.find_first_not_of(' ');
    if (at != std::string_view::npos && line.substr(at).starts_with(frame))
      line.remove_prefix(at + frame.size());
  }
  if (line.starts_with(' ')) line.remove_prefix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::vector<Diagnostic> diagnostics_in_text(std::string_view text) {
  std::vector<Diagnostic> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = unframed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    // `state push` says "Failed to write state: …" and nothing more.
    if (line.starts_with("Error: ") || (found.empty() && line.starts_with("Failed to "))) {
      Diagnostic diagnostic;
      diagnostic.summary = line.starts_with("Error: ") ? line.substr(7) : line;
      found.push_back(std::move(diagnostic));
    } else if (!found.empty() && found.back().detail.size() < kMaxDetail) {
      if (!line.empty() || !found.back().detail.empty()) found.back().detail += fmt::format("{}\n", line);
    }
  }
  for (auto& diagnostic : found) diagnostic.detail.erase(diagnostic.detail.find_last_not_of('\n') + 1);
  return found;
}

RunFailed failed(std::string_view phase, const CommandEnd& said, const SandboxLimits& limits) {
  RunFailed failure;
  failure.phase = phase;
  failure.diagnostics = said.diagnostics;
  failure.timed_out = said.exit.timed_out;
  failure.out_of_memory = said.exit.out_of_memory;
  failure.summary = one_line(said.diagnostics);
  if (failure.timed_out) {
    failure.summary = fmt::format("terraform {} was stopped: it ran longer than {} minutes", phase,
                                  std::chrono::ceil<std::chrono::minutes>(limits.wall).count());
  } else if (failure.out_of_memory) {
    failure.summary = fmt::format("terraform {} was ended: it needed more than {} MiB of memory", phase,
                                  limits.memory >> 20);
  } else if (failure.summary.empty()) {
    failure.summary = said.exit.signal != 0
                          ? fmt::format("terraform {} was ended by signal {}", phase, said.exit.signal)
                          : fmt::format("terraform {} ended with exit code {}", phase, said.exit.code);
  }
  for (const auto& diagnostic : said.diagnostics) {
    if (has(diagnostic.summary, "Error acquiring the state lock")) {
      failure.state_locked = true;
      failure.lock = lock_holder(diagnostic.detail);
    }
    if (has(diagnostic.summary, "Saved plan is stale") ||
        has(diagnostic.summary, "Saved plan does not match")) {
      failure.stale_plan = true;
    }
  }
  return failure;
}

std::string held_lock(const std::vector<Diagnostic>& diagnostics) {
  // The http backend's address of a write that failed: POST http://…/state?ID=… giving up
  constexpr std::string_view kId = "?ID=";
  for (const auto& diagnostic : diagnostics) {
    if (!has(diagnostic.summary, "Failed to save state")) continue;
    const std::size_t at = diagnostic.detail.find(kId);
    if (at == std::string::npos) continue;
    const std::size_t begin = at + kId.size();
    return diagnostic.detail.substr(begin, diagnostic.detail.find_first_of(" \n&", begin) - begin);
  }
  return {};
}

bool lacks_providers(const std::vector<Diagnostic>& diagnostics) {
  return any(diagnostics, "Failed to query available provider packages") ||
         any(diagnostics, "Failed to install provider") ||
         any(diagnostics, "Failed to resolve provider packages");
}

bool lacks_modules(const std::vector<Diagnostic>& diagnostics) {
  return any(diagnostics, "Failed to download module") ||
         any(diagnostics, "Error accessing remote module registry") ||
         any(diagnostics, "Failed to retrieve available versions for module") ||
         any(diagnostics, "Module not found") || any(diagnostics, "Could not download module");
}

bool wants_init(const std::vector<Diagnostic>& diagnostics) {
  return any(diagnostics, "initialization required") || any(diagnostics, "Initialization required") ||
         any(diagnostics, "Module not installed") || any(diagnostics, "Inconsistent dependency lock file") ||
         any(diagnostics, "Required plugins are not installed") || any(diagnostics, "", "terraform init") ||
         any(diagnostics, "", "tofu init");
}

bool lacks_workspace(const std::vector<Diagnostic>& diagnostics) {
  return any(diagnostics, "Currently selected workspace") ||
         any(diagnostics, "", "Currently selected workspace");
}

bool refuses_option(const std::vector<Diagnostic>& diagnostics, std::string_view option) {
  const std::string said = fmt::format("flag provided but not defined: {}", option);
  return any(diagnostics, said) || any(diagnostics, "", said);
}

std::string platform() {
  utsname machine{};
  ::uname(&machine);
  static const std::map<std::string_view, std::string_view> names = {
      {"x86_64", "amd64"}, {"aarch64", "arm64"}, {"i686", "386"}, {"armv7l", "arm"}};
  const auto name = names.find(machine.machine);
  return fmt::format("linux_{}", name == names.end() ? std::string_view(machine.machine) : name->second);
}

void explain_lock_file(RunFailed& failure, const std::string& tool, const std::string& dir) {
  for (const auto& diagnostic : failure.diagnostics) {
    if (!has(diagnostic.detail, "checksums previously recorded in the dependency lock file")) continue;
    std::string package = field(diagnostic.detail, "while installing");
    package.resize(std::min(package.find(':'), package.size()));
    failure.summary = fmt::format(
        ".terraform.lock.hcl has no checksum of {} for {}: run `{} providers lock -platform={}` in {} and "
        "commit the file",
        package.empty() ? "a provider" : package, platform(), std::filesystem::path(tool).filename().string(),
        platform(), dir == "." ? "the repository's root" : dir);
    return;
  }
}

}  // namespace slipway::runner
