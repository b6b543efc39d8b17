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

RunFailed Initialization::refusal(const CommandEnd& end) const {
  RunFailed failure = failed("init", end, setting_.session.settings().limits);
  explain_lock_file(failure, setting_.session.tool().path, setting_.dir);
  return failure;
}

/// `init` speaks JSON since Terraform 1.9.
CommandEnd Initialization::json_if_known(std::vector<std::string> arguments, const std::stop_token& stop,
                                         Reach reach) {
  arguments.emplace_back("-json");
  CommandEnd end = setting_.session.lines(arguments, stop, {}, reach);
  if (!end.ok() && refuses_option(end.diagnostics, "-json")) {
    arguments.pop_back();
    end = setting_.session.lines(arguments, stop, {}, reach);
  }
  throw_if_stopped(stop);
  return end;
}

CommandEnd Initialization::init(const std::stop_token& stop, const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"init", "-input=false", "-no-color"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  arguments.insert(arguments.end(), setting_.backend.begin(), setting_.backend.end());
  CommandEnd end = json_if_known(arguments, stop, Reach::Run);
  if (end.ok() || !lacks_workspace(end.diagnostics)) return end;
  // The plan makes it, in memory; the apply's first write makes it in the backend.
  setting_.session.leave_workspace(true);
  end = json_if_known(arguments, stop, Reach::Run);
  setting_.session.leave_workspace(false);
  return end;
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

  CommandEnd end = init(stop);
  if (!end.ok() && lacks_modules(end.diagnostics) && !modules_fetched && fetch_modules(stop))
    end = init(stop);
  if (!end.ok() && lacks_providers(end.diagnostics)) {
    setting_.store.write(stop, [&] {
      end = init(stop);  // somebody else may have fetched them while this one waited
      if (end.ok() || !lacks_providers(end.diagnostics)) return;
      // What the sources say matters more than that the store hasn't got it.
      if (CommandEnd fetched = fetch_providers(stop, !own_lock); !fetched.ok()) {
        end = std::move(fetched);
        return;
      }
      end = init(stop);
      const auto completed = lock_file();
      if (!end.ok() || !completed) return;
      own_lock ? setting_.store.remember_completed(*own_lock, *completed)
               : setting_.store.remember_asked(*completed);
    });
  }
  if (!end.ok()) return refusal(end);
  if (!own_lock) look_for_newer(stop);
  return {};
}

std::optional<RunFailed> Initialization::repeat(const std::stop_token& stop) {
  std::vector<std::string> arguments = {"-get=false"};
  if (lock_file()) arguments.emplace_back("-lockfile=readonly");
  const CommandEnd end = init(stop, arguments);
  if (!end.ok()) return refusal(end);
  return {};
}

bool Initialization::fetch_modules(const std::stop_token& stop) {
  setting_.session.log().text("Fetching modules.\n");
  const CommandEnd end = setting_.session.lines({"get", "-no-color"}, stop, {}, Reach::Fetch);
  throw_if_stopped(stop);
  return end.ok();
}

/// Only within the store's `write`.
CommandEnd Initialization::fetch_providers(const std::stop_token& stop, bool newest) {
  Session& session = setting_.session;
  session.log().text("Fetching providers.\n");
  // What is in the store need not be fetched again, unless a lock file asks for checksums that only the
  // source can prove.
  const std::string store = session.site().maps_paths() ? std::string(kProviders) : setting_.store.packages();
  replace_file(session.site().fetch_host() + "/cli.tfrc", setting_.config.for_fetching(newest ? store : ""));
  CommandEnd end = json_if_known({"init", "-backend=false", "-input=false", "-no-color"}, stop, Reach::Fetch);
  const std::string data = session.site().project_host() + "/.terraform";
  if (!is_plain_directory(data)) return end;
  if (end.ok()) setting_.store.take(data + "/providers", setting_.config.mirrors());
  remove_tree(data + "/providers");
  return end;
}

/// Without a lock file people expect the newest version, and the store may have an older one.
void Initialization::look_for_newer(const std::stop_token& stop) {
  const auto lock = lock_file();
  if (!lock || setting_.store.asked_lately(*lock)) return;
  const std::string path = setting_.session.site().project_host() + "/" + kLockFile;
  ::unlink(path.c_str());
  setting_.store.write(stop, [&] { fetch_providers(stop, true); });
  if (const CommandEnd end = init(stop); !end.ok()) {
    // The sources can't be asked now: what the store has, fits.
    put_lock_file(*lock);
    init(stop);
  }
  if (const auto now = lock_file()) setting_.store.remember_asked(*now);
}

}  // namespace slipway::runner
