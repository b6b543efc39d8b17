#include "hooks/ansible.h"

#include "core/failure.h"
#include "hooks/ansible_inventory.h"
#include "hooks/files.h"
#include "hooks/reachable.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>

namespace slipway::hooks {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kTimeout{1'800};
constexpr std::uint16_t kSshPort = 22;
/// Read by ssh and Ansible where the administrator has put something there.
constexpr const char* kSystemSettings[] = {"/etc/ansible", "/etc/ssh/ssh_config", "/etc/ssh/ssh_config.d",
                                           "/etc/ssh/ssh_known_hosts"};
/// ansible-playbook's way of saying that it was called wrongly: trying again is no use.
constexpr int kBadOptions = 5;

struct AnsibleSettings {
  std::string directory;
  std::string playbook;
  std::string on_destroy;  // empty: nothing is run
  std::optional<std::chrono::seconds> wait_reachable;
  std::chrono::seconds timeout = kTimeout;
  std::string program = "/usr/bin/ansible-playbook";
  std::vector<std::pair<std::string, const Settings*>> environment;
  std::vector<Bind> binds;
};

const std::string& whole_path(const Settings& value) {
  if (!value.scalar().starts_with("/")) value.refuse("write the whole path, from \"/\"");
  return value.scalar();
}

/// A playbook's name becomes an argument: one that begins with "-" would be an option.
std::string playbook_of(const Settings& value) {
  if (value.scalar().empty() || value.scalar()[0] == '-') value.refuse("this is no name of a playbook");
  return value.scalar();
}

void read_paths(const Settings& settings, std::vector<Bind>& binds) {
  const Settings* const paths = settings.find("paths");
  if (paths == nullptr) return;
  paths->only({"read", "write"});
  for (const auto& [key, writable] : {std::pair("read", false), std::pair("write", true)}) {
    const Settings* const list = paths->find(key);
    if (list == nullptr) continue;
    for (const Settings& path : list->list()) binds.push_back({whole_path(path), whole_path(path), writable});
  }
}

AnsibleSettings read(const Settings& settings) {
  settings.only({"kind", "name", "directory", "playbook", "on_destroy", "wait_reachable", "timeout",
                 "program", "environment", "paths"});
  AnsibleSettings out;
  out.directory = whole_path(settings.at("directory"));
  out.playbook = playbook_of(settings.at("playbook"));
  if (const Settings* value = settings.find("on_destroy")) out.on_destroy = playbook_of(*value);
  if (const Settings* value = settings.find("wait_reachable")) out.wait_reachable = value->duration();
  if (const Settings* value = settings.find("timeout")) out.timeout = value->duration();
  if (const Settings* value = settings.find("program")) out.program = whole_path(*value);
  if (const Settings* value = settings.find("environment")) {
    for (const auto& [name, variable] : value->map()) out.environment.emplace_back(name, &variable);
  }
  out.binds.push_back({out.directory, out.directory, false});
  read_paths(settings, out.binds);
  return out;
}

/// Inventory and limit of one run; gone with it.
class RunFiles {
 public:
  RunFiles(const std::string& directory, const Inventory& inventory, const std::string& host)
      : path_(directory + "/run-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) {
      throw Failure(fmt::format("cannot make a directory in {}", directory), Retry::Later);
    }
    publish(path_ + "/inventory.json", inventory.file().pretty() + "\n");
    publish(path_ + "/limit", host + "\n");
  }
  ~RunFiles() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  RunFiles(const RunFiles&) = delete;
  RunFiles& operator=(const RunFiles&) = delete;

  std::string inventory() const { return path_ + "/inventory.json"; }
  std::string limit() const { return "@" + path_ + "/limit"; }

 private:
  std::string path_;
};

bool is_known(const Estate& estate, const std::string& name) {
  return std::any_of(estate.begin(), estate.end(), [&](const StateVersion& version) {
    return std::any_of(version.machines.begin(), version.machines.end(),
                       [&](const Machine& machine) { return machine.name == name; });
  });
}

std::uint16_t port_of(const Machine& machine) {
  const Json* const value = machine.variables.find("ansible_port");
  if (value == nullptr || (!value->is_number() && !value->is_string())) return kSshPort;
  const std::string& text = value->is_number() ? value->number().text : value->string();
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 ? port : kSshPort;
}

class Ansible final : public Hook {
 public:
  Ansible(AnsibleSettings settings, const HookTools& tools)
      : settings_(std::move(settings)), sandbox_(tools.sandbox), data_dir_(tools.data_dir) {
    environment_ = {{"LANG", "C.UTF-8"},
                    {"HOME", data_dir_},
                    {"ANSIBLE_NOCOLOR", "1"},
                    {"ANSIBLE_RETRY_FILES_ENABLED", "0"},
                    {"ANSIBLE_LOCAL_TEMP", data_dir_ + "/tmp"}};
    for (const auto& [name, value] : settings_.environment) {
      environment_[name] = value->is_scalar() ? value->scalar() : tools.secret(*value).reveal();
    }
    settings_.environment.clear();  // it points into the caller's settings
    settings_.binds.push_back({data_dir_, data_dir_, true});
  }

  std::string lane(const HookEvent& event) const override { return event.machine.name; }

  void handle(const HookEvent& event, const Estate& estate, Output& log, std::stop_token stop) override {
    if (event.what == MachineEvent::Destroyed) return retire(event, estate, log, std::move(stop));
    if (!is_known(estate, event.machine.name)) {
      log.out(fmt::format("{} is gone by now: nothing is run for it\n", event.machine.name));
      return;
    }
    if (settings_.wait_reachable) wait(event.machine, log, stop);
    play(settings_.playbook, Inventory(estate), event.machine.name, log, std::move(stop));
  }

 private:
  void retire(const HookEvent& event, const Estate& estate, Output& log, std::stop_token stop) {
    if (settings_.on_destroy.empty()) {
      log.out("there is no `on_destroy` playbook: nothing is run\n");
    } else if (is_known(estate, event.machine.name)) {
      log.out(fmt::format("another machine is called {} by now: `on_destroy` would be run on that one\n",
                          event.machine.name));
    } else {
      Inventory inventory(estate);
      inventory.add(event.version, event.machine);
      play(settings_.on_destroy, inventory, event.machine.name, log, std::move(stop));
    }
  }

  void wait(const Machine& machine, Output& log, const std::stop_token& stop) const {
    if (machine.address.empty())
      throw Failure(fmt::format("{} has no address yet", machine.name), Retry::Later);
    const Endpoint endpoint{machine.address, port_of(machine)};
    log.out(fmt::format("waiting for {} at {} port {}\n", machine.name, endpoint.host, endpoint.port));
    std::string why;
    if (wait_until_reachable(endpoint, *settings_.wait_reachable, why, stop)) return;
    throw Failure(fmt::format("{} did not answer at {} port {} within {} s: {}", machine.name, endpoint.host,
                              endpoint.port, settings_.wait_reachable->count(), why),
                  Retry::Later);
  }

  void play(const std::string& playbook, const Inventory& inventory, const std::string& host, Output& log,
            std::stop_token stop) {
    std::error_code error;
    if (fs::create_directories(data_dir_, error); error) {
      throw Failure(fmt::format("cannot make {}: {}", data_dir_, error.message()), Retry::Later);
    }
    for (const std::string& problem : inventory.problems()) log.err(problem + "\n");
    const RunFiles files(data_dir_, inventory, host);
    SandboxCommand command;
    command.argv = {settings_.program, "--inventory", files.inventory(), "--limit", files.limit(), playbook};
    command.environment = environment_;
    command.directory = settings_.directory;
    command.binds = settings_.binds;
    for (const char* path : kSystemSettings)
      if (access(path, R_OK) == 0) command.binds.push_back({path, path, false});
    command.limits.wall = settings_.timeout;
    const SandboxExit exit = sandbox_.run(command, log, std::move(stop));
    if (exit.stopped) throw Stopped();
    if (!exit.ok())
      throw Failure(said(playbook, exit), exit.code == kBadOptions ? Retry::Never : Retry::Later);
  }

  std::string said(const std::string& playbook, const SandboxExit& exit) const {
    if (exit.timed_out)
      return fmt::format("{} was not done within {} s", playbook, settings_.timeout.count());
    if (exit.out_of_memory) return fmt::format("{} needed more memory than it may have", playbook);
    if (exit.signal != 0) return fmt::format("{} was ended by signal {}", playbook, exit.signal);
    return fmt::format("{} failed: ansible-playbook ended with {}", playbook, exit.code);
  }

  AnsibleSettings settings_;
  std::map<std::string, std::string> environment_;
  Sandbox& sandbox_;
  std::string data_dir_;
};

}  // namespace

void check_ansible(const Settings& settings) { (void)read(settings); }

std::unique_ptr<Hook> make_ansible(const Settings& settings, const HookTools& tools) {
  return std::make_unique<Ansible>(read(settings), tools);
}

}  // namespace slipway::hooks
