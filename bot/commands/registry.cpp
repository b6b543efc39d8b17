#include "bot/commands/grammar.h"

#include <algorithm>

namespace slipway::commands {

const std::vector<CommandKind>& command_kinds() {
  static const std::vector<CommandKind> kinds = {
      {.name = "plan",
       .aliases = {},
       .arguments = "[-- TERRAFORM_ARGUMENTS]",
       .help = "plans the projects of this pull request again; lets in a fork's commit",
       .flags = true,
       .step = plan_step},
      {.name = "apply",
       .aliases = {},
       .arguments = "[PLAN_ID]",
       .help = "applies the plan that was shown; with an id confirms exactly that plan",
       .max_words = 1,
       .step = apply_step},
      {.name = "approve",
       .aliases = {"approve_policies"},
       .arguments = "POLICY",
       .help = "lets a plan pass a policy that you own, for exactly what it would do now",
       .max_words = 1,
       .step = approve_step},
      {.name = "discard",
       .aliases = {},
       .arguments = "",
       .help = "forgets this pull request's plans: a merge plans again and asks",
       .step = discard_step},
      {.name = "unlock",
       .aliases = {},
       .arguments = "[--force LOCK_ID]",
       .help = "the same as discard; with --force releases Terraform's own lock on a state, whoever holds it",
       .max_words = 1,
       .force = true,
       .step = unlock_step},
      {.name = "freeze",
       .aliases = {},
       .arguments = "[--for DURATION] REASON",
       .help =
           "holds back all applies of this repository, or of chosen projects, until `thaw`; what is under "
           "way goes on",
       .max_words = kMaxCommandLine,
       .lasts = true,
       .step = freeze_step},
      {.name = "thaw",
       .aliases = {"unfreeze"},
       .arguments = "",
       .help = "ends the freeze of the same scope: what waited goes on",
       .step = thaw_step},
      {.name = "help",
       .aliases = {},
       .arguments = "",
       .help = "shows these commands",
       .max_words = 1,
       .for_everybody = true,
       .step = help_step},
      {.name = "version",
       .aliases = {},
       .arguments = "",
       .help = "tells the version of Slipway",
       .for_everybody = true,
       .step = version_step},
  };
  return kinds;
}

const CommandKind* find_command(std::string_view word) {
  for (const CommandKind& kind : command_kinds()) {
    if (kind.name == word || std::find(kind.aliases.begin(), kind.aliases.end(), word) != kind.aliases.end())
      return &kind;
  }
  return nullptr;
}

}  // namespace slipway::commands
