#include "tests/hooks/samples.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace slipway::hooks {

Machine machine(const std::string& name, const std::string& address, const std::vector<std::int64_t>& ports) {
  Machine out;
  out.name = name;
  out.address = address;
  out.resource = "hci_instance." + name;
  for (const std::int64_t port : ports) {
    Exporter exporter;
    exporter.port = port;
    exporter.job = "node";
    out.exporters.push_back(std::move(exporter));
  }
  return out;
}

StateVersion version(const std::string& dir, std::vector<Machine> machines) {
  StateVersion out;
  out.key.repo = {"github", "acme/infra"};
  out.key.project.dir = dir;
  out.serial = {"0a1b2c3d", 7};
  out.terraform_version = "1.11.4";
  out.run = "f00d";
  out.actor = "alice";
  out.reason = "#12 Add two web servers";
  out.pull = {out.key.repo, 12};
  out.commit = std::string(40, 'c');
  out.at = from_millis(1'763'800'000'000);
  out.machines = std::move(machines);
  return out;
}

HookEvent event(MachineEvent what, const Machine& machine, const std::string& dir) {
  HookEvent out;
  out.key = "sink:0a1b2c3d:" + machine.resource + ":7";
  out.what = what;
  out.machine = machine;
  out.version = version(dir, {});
  return out;
}

Settings settings(std::vector<std::pair<std::string, Settings>> keys) {
  return {std::move(keys), "slipway.yaml:1"};
}

Settings text(const std::string& scalar) { return {scalar, "slipway.yaml:2"}; }

Settings list(const std::vector<std::string>& scalars) {
  Settings::List items;
  for (const std::string& scalar : scalars) items.push_back(text(scalar));
  return {std::move(items), "slipway.yaml:3"};
}

Directory::Directory() { REQUIRE(mkdtemp(path_.data()) != nullptr); }

Directory::~Directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Directory::write(const std::string& name, const std::string& text) const {
  std::ofstream(file(name)) << text;
}

std::string Directory::read(const std::string& name) const {
  std::ifstream in(file(name), std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> Directory::names() const {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

SandboxExit FakeSandbox::ok() {
  SandboxExit out;
  out.code = 0;
  return out;
}

SandboxExit FakeSandbox::run(const SandboxCommand& command, Output& output, std::stop_token) {
  commands.push_back(command);
  during(command);
  output.out("ran\n");
  return exit;
}

HttpResponse FakeHttpClient::send(const HttpRequest& request, std::stop_token) {
  requests.push_back(request);
  return response;
}

HookTools Fakes::tools() {
  return {http, sandbox, random, data.file("hook"),
          [](const Settings& setting) { return Secret("secret of " + setting.string("env")); }};
}

std::unique_ptr<Hook> make(const std::string& kind, const Settings& settings, const HookTools& tools) {
  for (const HookKind& known : hook_kinds())
    if (known.kind == kind) return known.make(settings, tools);
  FAIL("no hook is registered as " << kind);
  return nullptr;
}

}  // namespace slipway::hooks
