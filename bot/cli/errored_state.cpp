#include "bot/cli/cli.h"
#include "bot/config/config.h"
#include "bot/config/key_file.h"
#include "bot/work/vault.h"
#include "core/random.h"
#include "core/sealed.h"
#include "store/blobs.h"
#include "store/store.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace slipway::cli {

void add_errored_state(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand(
      "errored-state", "Prints a state that Terraform could not write, as it was kept: it holds secrets");
  command->footer("Example: slipway errored-state -c slipway.yaml NAME > /tmp/errored.tfstate");
  auto file = std::make_shared<std::string>();
  auto name = std::make_shared<std::string>();
  command->add_option("-c,--config", *file, "The configuration (slipway.yaml)")->required();
  command->add_option("NAME", *name, "As the pull request's comment names it")->required();
  command->callback([file, name, &code] {
    const auto config = config::load_config(*file, false);
    SystemRandom random;
    const Keyring keyring(config::load_keys(config.key_file, false, random), random);
    const auto store = store::open_sqlite(config.data_dir, store::Access::ReadOnly);
    const Sealed sealed = store->blobs().get(*name);
    std::cout << store::decompress(keyring.open(work::kErroredStatePurpose, sealed), work::kMaxBlob);
    code = std::cout.flush() ? kDone : kFailed;
  });
}

}  // namespace slipway::cli
