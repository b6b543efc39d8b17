#pragma once

#include "hooks/hook.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace slipway::hooks {

/// A machine with an exporter for each port.
Machine machine(const std::string& name, const std::string& address,
                const std::vector<std::int64_t>& ports = {});
/// A state of "acme/infra" in `dir`, made by pull request 12.
StateVersion version(const std::string& dir, std::vector<Machine> machines);
HookEvent event(MachineEvent what, const Machine& machine, const std::string& dir = "prod/web");

/// A hook's settings: scalars, and whatever else is given as a tree.
Settings settings(std::vector<std::pair<std::string, Settings>> keys);
Settings text(const std::string& scalar);
Settings list(const std::vector<std::string>& scalars);

/// A directory for the length of a test.
class Directory {
 public:
  Directory();
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  /// Names of its files, sorted.
  std::vector<std::string> names() const;

 private:
  std::string path_ = "/tmp/slipway-hooks-XXXXXX";
};

class TextOutput final : public Output {
 public:
  void out(std::string_view bytes) override { text += bytes; }
  void err(std::string_view bytes) override { text += bytes; }
  std::string text;
};

/// Remembers what was to be run, and lets a test look at it while it "runs".
class FakeSandbox final : public Sandbox {
 public:
  SandboxExit run(const SandboxCommand& command, Output& output, std::stop_token stop) override;
  const SandboxLevel& level() const override { return level_; }

  std::vector<SandboxCommand> commands;
  std::function<void(const SandboxCommand&)> during = [](const SandboxCommand&) {};
  SandboxExit exit = ok();

 private:
  static SandboxExit ok();
  SandboxLevel level_;
};

/// Remembers what was sent, and answers what it is told to.
class FakeHttpClient final : public HttpClient {
 public:
  HttpResponse send(const HttpRequest& request, std::stop_token stop) override;
  std::vector<HttpRequest> requests;
  HttpResponse response{200, {}, {}};
};

/// Everything that hooks may use, made of the fakes.
struct Fakes {
  FakeHttpClient http;
  FakeSandbox sandbox;
  SystemRandom random;
  Directory data;
  HookTools tools();
};

/// Registered under this kind, made with these settings.
std::unique_ptr<Hook> make(const std::string& kind, const Settings& settings, const HookTools& tools);

}  // namespace slipway::hooks
