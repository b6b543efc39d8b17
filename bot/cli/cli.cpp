#include "bot/cli/cli.h"

#include "core/failure.h"
#include "core/settings.h"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string_view>

namespace slipway::cli {
namespace {

constexpr AddCommand kCommands[] = {add_server,    add_worker, add_validate,      add_plan,
                                    add_inventory, add_doctor, add_policy,        add_replay,
                                    add_freeze,    add_thaw,   add_errored_state, add_version};

/// Called by a link named slipway-inventory, as Ansible runs an inventory script: FILE --list, and no other
/// argument.
std::vector<std::string> as_inventory(int argc, char** argv) {
  const char* config = std::getenv("SLIPWAY_CONFIG");
  std::vector<std::string> words = {"inventory", "-c",
                                    config == nullptr ? "/etc/slipway/slipway.yaml" : config};
  for (int i = 1; i < argc; ++i) words.emplace_back(argv[i]);
  return words;
}

std::vector<std::string> words_of(int argc, char** argv) {
  const std::string_view name(argv[0]);
  if (name.substr(name.rfind('/') + 1) == "slipway-inventory") return as_inventory(argc, argv);
  return {argv + 1, argv + argc};
}

}  // namespace

int run(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "internal") == 0) return internal(argv[2]);
  CLI::App app(
      "Slipway turns pull requests into reviewed, policed, applied and onboarded Terraform infrastructure.",
      "slipway");
  app.require_subcommand(1);
  app.set_help_flag("--help", "Shows this help");
  int code = kDone;
  for (const AddCommand add : kCommands) add(app, code);
  try {
    auto words = words_of(argc, argv);
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  } catch (const SettingsError& error) {
    std::cerr << error.what() << '\n';
    return kUsage;
  } catch (const Failure& failure) {
    std::cerr << "slipway: " << failure.what() << '\n';
    return kFailed;
  } catch (const std::exception& bug) {
    std::cerr << "slipway: internal error: " << bug.what() << '\n';
    return kFailed;
  }
  return code;
}

}  // namespace slipway::cli
