#include "bot/cli/cli.h"
#include "bot/config/config.h"
#include "hooks/ansible_inventory.h"
#include "store/store.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace slipway::cli {

void add_inventory(CLI::App& app, int& code) {
  CLI::App* command =
      app.add_subcommand("inventory", "Prints the machines as an Ansible inventory script does");
  command->footer(
      "Example: slipway inventory --list -c slipway.yaml\n"
      "Called through a link named slipway-inventory, with SLIPWAY_CONFIG set, it is an inventory script.");
  auto file = std::make_shared<std::string>();
  auto host = std::make_shared<std::string>();
  auto list = std::make_shared<bool>(false);
  command->add_option("-c,--config", *file, "The configuration (slipway.yaml)")->required();
  auto* whole = command->add_flag("--list", *list, "Everything");
  auto* one = command->add_option("--host", *host, "The variables of one host");
  whole->excludes(one);
  command->callback([file, host, list, &code] {
    if (!*list && host->empty()) throw CLI::RequiredError("--list or --host NAME");
    const auto config = config::load_config(*file, false);
    hooks::Estate estate;
    store::open_sqlite(config.data_dir, store::Access::ReadOnly)->read([&](const store::Snapshot& rows) {
      estate = rows.states.all_latest();
    });
    const hooks::Inventory inventory(estate);
    if (*list) {
      std::cout << inventory.list().pretty() << '\n';
      return;
    }
    const auto variables = inventory.host(*host);
    // An unknown host has no variables: that is what Ansible expects of a script.
    std::cout << (variables ? variables->pretty() : "{}") << '\n';
    code = kDone;
  });
}

}  // namespace slipway::cli
