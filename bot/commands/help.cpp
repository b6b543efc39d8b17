#include "bot/commands/command.h"
#include "core/version.h"

#include <fmt/format.h>

namespace slipway::commands {

using namespace change;

void help_step(Draft& draft, const event::Commanded& event) {
  std::string text = "A command is the first line of a new comment:\n";
  for (const CommandKind& kind : command_kinds()) {
    text += fmt::format("- `{}{}{}`: {}\n", kind.name, kind.arguments.empty() ? "" : " ", kind.arguments,
                        kind.help);
  }
  text += "\n`-d DIR`, `-w WORKSPACE` or `-p PROJECT` choose projects; without them all are meant.";
  reply(draft, event, std::move(text));
}

void version_step(Draft& draft, const event::Commanded& event) {
  reply(draft, event, fmt::format("Slipway {}", kVersion));
}

}  // namespace slipway::commands
