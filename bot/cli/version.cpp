#include "core/version.h"

#include "bot/cli/cli.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace slipway::cli {

void add_version(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand("version", "Tells the version");
  command->footer("Example: slipway version");
  command->callback([&code] {
    std::cout << "slipway " << kVersion << '\n';
    code = kDone;
  });
}

}  // namespace slipway::cli
