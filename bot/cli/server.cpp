#include "bot/assembly.h"
#include "bot/cli/cli.h"

#include <CLI/CLI.hpp>

namespace slipway::cli {

void add_server(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand("server", "Listens for webhooks and does the work");
  command->footer("Example: slipway server -c /etc/slipway/slipway.yaml");
  auto file = std::make_shared<std::string>();
  auto verbose = std::make_shared<bool>(false);
  command->add_option("-c,--config", *file, "The configuration (slipway.yaml)")->required();
  command->add_flag("-v,--verbose", *verbose, "Logs more");
  command->callback([file, verbose, &code] {
    log_to_stderr(*verbose);
    code = Assembly(config::load_config(*file), store::Access::Own).serve();
  });
}

void add_worker(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand("worker", "Works beside a server that shares its store");
  command->footer("Example: slipway worker -c /etc/slipway/slipway.yaml");
  auto file = std::make_shared<std::string>();
  command->add_option("-c,--config", *file, "The configuration (slipway.yaml)")->required();
  command->callback([file, &code] {
    config::load_config(*file);
    std::cerr
        << *file
        << ": `store: sqlite` belongs to one process: `slipway server` does the work itself, on `workers` "
        << "threads\n";
    code = kUsage;
  });
}

}  // namespace slipway::cli
