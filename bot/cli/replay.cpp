#include "bot/assembly.h"
#include "bot/cli/cli.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace slipway::cli {

void add_replay(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand("replay", "Does a recorded delivery, or a dead job, again");
  command->footer("Example: slipway replay -c slipway.yaml 72d3162e-cc78-11e3-81ab-4c9367dc0958");
  auto file = std::make_shared<std::string>();
  auto delivery = std::make_shared<std::string>();
  command->add_option("-c,--config", *file, "The configuration (slipway.yaml)")->required();
  command->add_option("DELIVERY", *delivery, "A delivery's id, or job:NUMBER of a dead job")->required();
  command->callback([file, delivery, &code] {
    const auto config = config::load_config(*file);
    const auto store = store::open_sqlite(config.data_dir, store::Access::Visit);
    bool found = false;
    store->transact([&](store::Transaction& rows) {
      found = delivery->starts_with("job:")
                  ? rows.jobs.revive(std::strtoll(delivery->c_str() + 4, nullptr, 10), SystemClock().now())
                  : rows.inbox.reopen(*delivery);
    });
    std::cout << (found ? "It will be done again.\n" : "There is no such delivery or dead job.\n");
    code = found ? kDone : kFailed;
  });
}

}  // namespace slipway::cli
