#include "runner/cli/initialize.h"

#include "core/failure.h"
#include "runner/cli/errors.h"
#include "runner/files.h"

#include <unistd.h>

#include <filesystem>

namespace slipway::runner {
namespace {

constexpr const char* kLockFile = ".terraform.lock.hcl";
constexpr std::size_t kMaxLockFile = 4u << 20;

void throw_if_stopped(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Stopped();
}

}  // namespace

std::optional<std::string> Initialization::lock_file() const {
  return read_inside(setting_.session.site().project_host(), kLockFile, kMaxLockFile);
}

void Initialization::put_lock_file(const std::string& text) const {
  const std::string path = setting_.session.site().project_host() + "/" + kLockFile;
  replace_file(path, text);
  setting_.session.site().hand_over(path);
}

RunFailed Initialization::refusal(const CommandEnd& said) const {
  RunFailed failure = failed("init", said, setting_.session.settings().limits);
  explain_lock_file(failure, setting_.session.tool().path, setting_.dir);
  return failure;
}

CommandEnd Initialization::init(const std::stop_token& stop, const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"init", "-input=false", "-no-color", "-json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  arguments.insert(arguments.end(), setting_.backend.begin(), setting_.backend.end());
  CommandEnd said = init_with_workspace(stop, arguments);
  if (!said.ok() && refuses_option(said.diagnostics, "-json")) {
    std::erase(arguments, "-json");
    said = init_with_workspace(stop, arguments);
  }
  throw_if_stopped(stop);
  return said;
}

CommandEnd Initialization::init_with_workspace(const std::stop_token& stop,
                                         const std::vector<std::string>& arguments) {
  Session& session = setting_.session;
  CommandEnd said = session.lines(arguments, stop);
  if (said.ok() || !lacks_workspace(said.diagnostics)) return said;
  // The plan makes it, in memory; the apply's first write makes it in the backend.
  session.leave_workspace(true);
  said = session.lines(arguments, stop);
  session.leave_workspace(false);
  return said;
}

std::optional<RunFailed> Initialization::run(const std::stop_token& stop) {
  Session& session = setting_.session;
  const auto own_lock = lock_file();
  if (own_lock) {
    if (const auto completed = setting_.store.completed_lock(*own_lock)) put_lock_file(*completed);
  }
  // Where registries have other addresses or want to know who asks, asking without that would only cost time.
  bool modules_fetched = setting_.config.names_hosts() && session.site().mentions({"module"});
  if (modules_fetched) fetch_modules(stop);

  CommandEnd said = init(stop);
  if (!said.ok() && lacks_modules(said.diagnostics) && !modules_fetched && fetch_modules(stop))
    said = init(stop);
  if (!said.ok() && lacks_providers(said.diagnostics)) {
    setting_.store.write(stop, [&] {
      said = init(stop);  // somebody else may have fetched them while this one waited
      if (said.ok() || !lacks_providers(said.diagnostics)) return;
      fetch_providers(stop, !own_lock);
      said = init(stop);
      const auto completed = lock_file();
      if (!said.ok() || !completed) return;
      own_lock ? setting_.store.remember_completed(*own_lock, *completed)
               : setting_.store.remember_asked(*completed);
    });
  }
  if (!said.ok()) return refusal(said);
  if (!own_lock) look_for_newer(stop);
  return {};
}

std::optional<RunFailed> Initialization::repeat(const std::stop_token& stop) {
  std::vector<std::string> arguments = {"-get=false"};
  if (lock_file()) arguments.emplace_back("-lockfile=readonly");
  const CommandEnd said = init(stop, arguments);
  if (!said.ok()) return refusal(said);
  return {};
}

bool Initialization::fetch_modules(const std::stop_token& stop) {
  setting_.session.log().text("Fetching modules.\n");
  const CommandEnd said = setting_.session.lines({"get", "-no-color"}, stop, {}, Reach::Fetch);
  throw_if_stopped(stop);
  return said.ok();
}

/// Only within the store's `write`. What goes wrong is in the log; the init after it says what it lacks.
void Initialization::fetch_providers(const std::stop_token& stop, bool newest) {
  Session& session = setting_.session;
  session.log().text("Fetching providers.\n");
  const bool maps = session.site().maps_paths();
  // What is in the store need not be fetched again, unless a lock file asks for checksums that only the
  // source can prove.
  const std::string known = !newest ? "" : maps ? std::string(kProviders) : setting_.store.packages();
  replace_file(session.site().config_host() + "/fetch.tfrc", setting_.config.for_fetching(known));
  const CommandEnd said =
      session.lines({"init", "-backend=false", "-input=false", "-no-color"}, stop, {}, Reach::Fetch);
  throw_if_stopped(stop);
  const std::string fetched = session.site().project_host() + "/.terraform/providers";
  if (said.ok() && is_plain_directory(session.site().project_host() + "/.terraform")) {
    setting_.store.take(fetched, setting_.config.mirrors());
  }
  if (is_plain_directory(session.site().project_host() + "/.terraform")) remove_tree(fetched);
}

/// Without a lock file people expect the newest version, and the store may have an older one.
void Initialization::look_for_newer(const std::stop_token& stop) {
  const auto lock = lock_file();
  if (!lock || setting_.store.asked_lately(*lock)) return;
  const std::string path = setting_.session.site().project_host() + "/" + kLockFile;
  ::unlink(path.c_str());
  setting_.store.write(stop, [&] { fetch_providers(stop, true); });
  if (const CommandEnd said = init(stop); !said.ok()) {
    // The sources can't be asked now: what the store has, fits.
    put_lock_file(*lock);
    init(stop);
  }
  if (const auto now = lock_file()) setting_.store.remember_asked(*now);
}

}  // namespace slipway::runner
