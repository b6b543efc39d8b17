#include "runner/cli/session.h"

#include "core/failure.h"
#include "runner/cli/errors.h"
#include "runner/fd.h"

#include <fcntl.h>

#include <algorithm>
#include <cctype>

namespace slipway::runner {
namespace {

constexpr std::size_t kMaxLine = 1u << 20;
constexpr std::size_t kMaxErrors = 256u << 10;
/// Lines of a longer secret (a private key) are secrets too.
constexpr std::size_t kMinSecretLine = 16;
/// With a wait of at most half a minute between them: our own backend may be restarted meanwhile.
constexpr const char* kHttpRetries = "60";
/// Per cent that Go's heap may grow before it is collected.
constexpr const char* kGoGarbage = "400";

std::vector<Secret> secrets_of(const RunSettings& settings) {
  std::vector<Secret> secrets;
  const auto add = [&secrets](const std::string& value) {
    secrets.emplace_back(value);
    for (std::size_t at = 0; value.find('\n') != std::string::npos && at < value.size();) {
      const std::size_t end = std::min(value.find('\n', at), value.size());
      if (end - at >= kMinSecretLine) secrets.emplace_back(value.substr(at, end - at));
      at = end + 1;
    }
  };
  for (const auto& [name, value] : settings.environment) add(value.reveal());
  if (settings.state) add(settings.state->password.reveal());
  return secrets;
}

/// Of the run's environment, what tells how to reach registries and module sources.
bool is_for_fetching(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const std::string_view prefix : {"git_", "tf_token_", "tf_registry_", "ssl_cert_"}) {
    if (name.starts_with(prefix)) return true;
  }
  return name == "http_proxy" || name == "https_proxy" || name == "no_proxy" || name == "all_proxy";
}

/// Splits JSON lines; stderr is for what Terraform says before it knows that it should speak JSON.
class Lines final : public Output {
 public:
  Lines(LogWriter& log, const std::function<void(const UiEvent&)>& hear) : log_(log), hear_(hear) {}

  void out(std::string_view bytes) override {
    held_ += bytes;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = held_.find('\n', begin)) != std::string::npos; begin = end + 1) {
      take(std::string_view(held_).substr(begin, end - begin));
    }
    held_.erase(0, begin);
    if (held_.size() > kMaxLine) end();
  }
  void err(std::string_view bytes) override {
    log_.text(bytes);
    errors.append(bytes.substr(0, kMaxErrors - std::min(kMaxErrors, errors.size())));
  }
  void end() {
    if (!held_.empty()) take(held_);
    held_.clear();
    log_.end_part();
  }

  std::vector<Diagnostic> diagnostics;
  std::string errors;

 private:
  void take(std::string_view line) {
    const UiEvent event = read_ui_line(line);
    if (!event.text.empty()) log_.text(event.text + "\n");
    if (const auto* diagnostic = std::get_if<Diagnostic>(&event.what)) diagnostics.push_back(*diagnostic);
    if (hear_) hear_(event);
  }

  LogWriter& log_;
  const std::function<void(const UiEvent&)>& hear_;
  std::string held_;
};

class ToFile final : public Output {
 public:
  ToFile(const std::string& path, LogWriter& log)
      : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)), log_(log) {
    if (!file_) throw_errno("writing " + path);
  }
  void out(std::string_view bytes) override { write_all(file_.get(), bytes); }
  void err(std::string_view bytes) override {
    log_.text(bytes);
    errors.append(bytes.substr(0, kMaxErrors - std::min(kMaxErrors, errors.size())));
  }
  std::string errors;

 private:
  Fd file_;
  LogWriter& log_;
};

}  // namespace

LogWriter::LogWriter(RunLog& log, const RunSettings& settings) : log_(log), redactor_(secrets_of(settings)) {}

void LogWriter::text(std::string_view bytes) { say(redactor_.add(bytes)); }

void LogWriter::end_part() {
  say(redactor_.end());
  if (!line_ended_) say("\n");
}

void LogWriter::say(const std::string& bytes) {
  if (bytes.empty() || said_ > kMaxRunLog) return;
  said_ += bytes.size();
  line_ended_ = bytes.back() == '\n';
  log_.text(bytes);
  if (said_ > kMaxRunLog) log_.text("\nThe log is longer than what is kept; the run goes on.\n");
}

Session::Session(Setting setting, RunLog& log) : setting_(std::move(setting)), log_(log, setting_.settings) {}

std::map<std::string, std::string> Session::environment(Reach reach) const {
  std::map<std::string, std::string> environment;
  for (const auto& [name, value] : settings().environment) {
    if (reach == Reach::Run || is_for_fetching(name)) environment[name] = value.reveal();
  }
  // Where these lead is our business: paths are the same for a plan and its apply, and runs don't share a
  // cache.
  environment.erase("TF_DATA_DIR");
  environment.erase("TF_PLUGIN_CACHE_DIR");
  environment["TF_IN_AUTOMATION"] = "1";
  environment["TF_INPUT"] = "0";
  environment["CHECKPOINT_DISABLE"] = "1";
  // What Go allocates while it starts would be collected three times by default, a third of the time of a
  // small run. Before a run's memory is full it is collected more often again.
  environment.try_emplace("GOGC", kGoGarbage);
  environment.try_emplace("GOMEMLIMIT", std::to_string(settings().limits.memory / 2));
  // Git gives up at a file that it may not read, where Landlock hides it.
  environment["GIT_CONFIG_NOSYSTEM"] = "1";
  environment["TF_CLI_CONFIG_FILE"] =
      (reach == Reach::Fetch ? site().fetch() : site().config()) + "/cli.tfrc";
  environment.erase("TF_WORKSPACE");
  if (reach == Reach::Fetch) return environment;
  if (setting_.place.project.workspace != "default" && !leaves_workspace_) {
    environment["TF_WORKSPACE"] = setting_.place.project.workspace;
  }
  if (const auto& state = settings().state) {
    environment["TF_HTTP_ADDRESS"] = state->address;
    environment["TF_HTTP_LOCK_ADDRESS"] = state->address;
    environment["TF_HTTP_UNLOCK_ADDRESS"] = state->address;
    environment["TF_HTTP_USERNAME"] = state->username;
    environment["TF_HTTP_PASSWORD"] = state->password.reveal();
    environment["TF_HTTP_RETRY_MAX"] = kHttpRetries;
  }
  return environment;
}

std::vector<Bind> Session::binds(Reach reach) const {
  std::vector<Bind> binds = setting_.tool.binds;
  const auto add = [&binds](const std::vector<std::string>& paths, bool writable) {
    for (const auto& path : paths) binds.push_back({path, path, writable});
  };
  add(settings().read_paths, false);
  add(settings().write_paths, true);
  if (reach == Reach::Fetch) add(setting_.mirrors, false);
  const bool maps = setting_.sandbox.level().mount_namespace;
  binds.push_back({setting_.providers, maps ? std::string(kProviders) : setting_.providers, false});
  const auto own = site().binds();
  binds.insert(binds.end(), own.begin(), own.end());
  if (reach == Reach::Fetch) binds.push_back({site().fetch_host(), site().fetch(), false});
  return binds;
}

SandboxCommand Session::command(std::vector<std::string> arguments, Reach reach) const {
  SandboxCommand command;
  command.argv = std::move(arguments);
  command.argv.insert(command.argv.begin(), setting_.tool.path);
  command.environment = environment(reach);
  command.directory = site().project();
  command.binds = binds(reach);
  command.limits = settings().limits;
  command.own_user = site().handed_over();
  command.host = host_;
  return command;
}

std::vector<Diagnostic> Session::redacted(std::vector<Diagnostic> diagnostics) const {
  for (auto& diagnostic : diagnostics) {
    for (std::string* text : {&diagnostic.summary, &diagnostic.detail, &diagnostic.code})
      *text = log_.redacted(*text);
  }
  return diagnostics;
}

CommandEnd Session::lines(std::vector<std::string> arguments, const std::stop_token& stop,
                          const std::function<void(const UiEvent&)>& hear, Reach reach) {
  Lines output(log_, hear);
  CommandEnd said;
  said.exit = setting_.sandbox.run(command(std::move(arguments), reach), output, stop);
  output.end();
  said.diagnostics = std::move(output.diagnostics);
  if (!said.ok() && said.diagnostics.empty()) said.diagnostics = diagnostics_in_text(output.errors);
  said.diagnostics = redacted(std::move(said.diagnostics));
  return said;
}

CommandEnd Session::to_file(std::vector<std::string> arguments, const std::string& path,
                            const std::stop_token& stop) {
  ToFile output(path, log_);
  CommandEnd said;
  said.exit = setting_.sandbox.run(command(std::move(arguments), Reach::Run), output, stop);
  log_.end_part();
  if (!said.ok()) said.diagnostics = redacted(diagnostics_in_text(output.errors));
  return said;
}

}  // namespace slipway::runner
