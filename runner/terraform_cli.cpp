#include "runner/terraform_cli.h"

#include "core/failure.h"
#include "runner/cli/errors.h"
#include "runner/cli/prepared.h"
#include "runner/files.h"
#include "runner/keeper.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>

namespace slipway::runner {
namespace {

constexpr std::size_t kMaxState = 512u << 20;
constexpr std::chrono::seconds kVersionTime{60};

/// Another file under the same name is another program.
std::string identity_of(const Tool& tool) {
  std::string identity;
  for (const auto& bind : tool.binds) {
    struct stat info{};
    ::stat(bind.host.c_str(), &info);
    identity += fmt::format("{} {} {} {}.{}\n", bind.host, info.st_ino, info.st_size, info.st_mtim.tv_sec,
                            info.st_mtim.tv_nsec);
  }
  return identity;
}

struct Heard final : Output {
  void out(std::string_view bytes) override { text += bytes; }
  void err(std::string_view bytes) override { errors += bytes; }
  std::string text;
  std::string errors;
};

/// "Terraform v1.11.4\non linux_amd64" → "terraform 1.11.4"
std::string tool_version(std::string_view text) {
  std::string line(text.substr(0, text.find('\n')));
  std::transform(line.begin(), line.end(), line.begin(), [](unsigned char c) { return std::tolower(c); });
  const std::size_t number = line.find(" v");
  if (number != std::string::npos) line.erase(number + 1, 1);
  return line;
}

struct NoLog final : RunLog {
  void text(std::string_view) override {}
  void progress(std::size_t, std::size_t) override {}
};

}  // namespace

TerraformCli::TerraformCli(Sandbox& sandbox, TerraformOptions options)
    : sandbox_(sandbox), options_(std::move(options)), store_(options_.data_dir + "/providers") {}

std::string TerraformCli::version(const std::string& terraform) {
  const Tool tool = find_tool(terraform);
  const std::string identity = identity_of(tool);
  auto known = versions_.with([&](auto& versions) {
    const auto found = versions.find(identity);
    return found == versions.end() ? std::string() : found->second;
  });
  if (!known.empty()) return known;
  SandboxCommand command;
  command.argv = {tool.path, "version"};
  command.environment = {{"CHECKPOINT_DISABLE", "1"}, {"TF_IN_AUTOMATION", "1"}};
  command.binds = tool.binds;
  command.limits.wall = kVersionTime;
  Heard heard;
  const SandboxExit exit = sandbox_.run(command, heard, {});
  known = tool_version(heard.text);
  if (!exit.ok() || known.empty()) {
    throw Failure(fmt::format("{} doesn't tell its version: {}", tool.path, heard.errors));
  }
  versions_.with([&](auto& versions) { versions[identity] = known; });
  return known;
}

std::string TerraformCli::pull_state(const RunPlace& place, const RunSettings& settings,
                                     const std::string& materials, std::stop_token stop) {
  return while_doing("reading the state of " + to_string(place.project), [&] {
    NoLog log;
    Prepared prepared({sandbox_, store_, place, settings, log, "state", ""}, materials);
    Initialization initialization = prepared.initialization();
    const auto refusal = materials.empty() ? initialization.run(stop) : initialization.repeat(stop);
    if (refusal) throw Failure(refusal->summary, Retry::Later);
    prepared.check_backend();
    const std::string path = place.directory + "/state/pulled.json";
    const CommandEnd said = prepared.session().to_file({"state", "pull", "-no-color"}, path, stop);
    if (said.exit.stopped) throw Stopped();
    if (!said.ok()) throw Failure(failed("state pull", said, settings.limits).summary, Retry::Later);
    std::string state = read_file(path, kMaxState);
    remove_tree(place.directory + "/state");
    return state;
  });
}

void TerraformCli::interrupt(const RunPlace& place) { interrupt_kept(place.directory); }

std::unique_ptr<Terraform> make_terraform(Sandbox& sandbox, TerraformOptions options) {
  return std::make_unique<TerraformCli>(sandbox, std::move(options));
}

}  // namespace slipway::runner
